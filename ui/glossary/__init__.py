"""The Glossary page: which words there are, and one of them."""
