"""Telling others how a night went: people, a watchdog, and Prometheus."""
