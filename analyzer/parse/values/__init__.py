"""What an expression of a script may be, and where it comes from."""
