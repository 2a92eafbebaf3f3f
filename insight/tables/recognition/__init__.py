"""Which column says what: by its name in several languages, by its content, by the platform that wrote the file.

The words it knows (vocabulary/) are those that cells/ reads dates, numbers and answers by; contents are tried as cells/
would read them.
"""
