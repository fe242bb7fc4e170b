"""The ways to tell a report, one a module; the suffix of a file's name chooses its module."""
