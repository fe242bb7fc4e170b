"""The services that take in SARIF files, one a module: nothing is ever sent during a scan."""
