"""The tests are a package, so that they share what they make by hand."""
