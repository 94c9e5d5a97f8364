"""Many files, other people's, each in a process of its own, and their reports in the forms that teachers use."""
