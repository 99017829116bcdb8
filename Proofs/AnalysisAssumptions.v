(** What the theorems on differential equations rest on; [check-assumptions] compares the axioms with those of
    mathcomp's analysis: extensionality of propositions and of functions, and choice. *)
From Certify Require Import Gronwall Exponential QuarterTurn.
From Certify Require ExecutableExponentialSteps.

Print Assumptions gronwall.
Print Assumptions solutions_outside.
Print Assumptions solutions_inside.
Print Assumptions exponential_coupled_step.
Print Assumptions quarter_turn.
Print Assumptions turning_solves.
Print Assumptions ExecutableExponentialSteps.expR_exponential.
Print Assumptions ExecutableExponentialSteps.check_exponential_step_sound.
Print Assumptions ExecutableExponentialSteps.check_exponential_real.
Print Assumptions ExecutableExponentialSteps.check_exponential_refutation_real.
