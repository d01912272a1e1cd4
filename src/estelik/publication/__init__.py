"""Publication: pages that leave the screen: the report, the public site."""
