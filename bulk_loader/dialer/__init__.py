"""The dialer's HTTP interface: one request for one task, and what its answer means."""
