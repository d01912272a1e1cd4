"""Names: the words for people, across scripts, spellings and the roles of their parts."""
