"""The version of the package; the wheel takes its own from here."""

VERSION = "0.1.0"
