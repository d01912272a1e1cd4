"""Places outside the office where sealed files are kept, write-once: folders, sticks, buckets, shares."""
