"""`python -m memnet` is the command `memnet`."""

from memnet.cli import main

if __name__ == "__main__":
    main()
