"""A local page for people without a terminal: they drop files, and get the report."""
