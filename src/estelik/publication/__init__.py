"""Publication: pages that leave the screen: the report."""
