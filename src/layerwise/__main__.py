"""``python -m layerwise`` is the command ``layerwise``."""

from layerwise.cli.main import main

if __name__ == "__main__":
    main()
