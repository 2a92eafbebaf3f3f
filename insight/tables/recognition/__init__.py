"""Which column says what: by its name in several languages, by its content, by the platform that wrote the file."""
