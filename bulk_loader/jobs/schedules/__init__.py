"""When jobs run: what cron, systemd or Windows' Task Scheduler is told, and what it says of it."""
