"""The command `woozle`: each command reads its options, calls the library and prints."""
