"""Evidence: files that people bring, kept as they were brought.

The evidentiary copy is sealed once and never altered; whatever is done with it
(a working copy, a time stamp) is a record of its own.
"""
