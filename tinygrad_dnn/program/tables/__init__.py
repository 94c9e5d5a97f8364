"""Tables with named columns, where pandas is not installed: as much of it as programs shape their data with."""
