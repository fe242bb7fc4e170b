"""Scripts: what they say and do, as facts."""
