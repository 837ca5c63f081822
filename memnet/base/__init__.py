"""What every room uses: checks of arguments, text, arrays nobody writes to, plain data, files, long calls."""
