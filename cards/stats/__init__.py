"""What a learner's history says, in the field's own measures: pure functions of what the store adds up."""
