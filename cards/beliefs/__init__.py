"""What a learner believes, measured: pure functions of the credences entered and of what came true."""
