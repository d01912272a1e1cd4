"""Who is who: judgements, clusters, what is put before a member to judge. Pure."""
