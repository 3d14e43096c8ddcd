from __future__ import annotations
import sys
import packages
if __name__ == "__main__":
    packages.set_up(test="--test" in sys.argv)
