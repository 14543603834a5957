"""`python -m bulk_loader`."""

from bulk_loader.cli import main

if __name__ == "__main__":
    main()
