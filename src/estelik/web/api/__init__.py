"""The machine interface: the acts of the pages for programs, at `/api`, with a token (``vault.token``).

Each act says what it takes and what it gives as records; from these a request is read, an answer is made and
the description (``/api/openapi.json``) is written, so that none of them says anything else than the others.
"""
