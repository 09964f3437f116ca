"""The classroom: assignments with a made-up case for each student, and a grader that trusts nothing they hand in."""
