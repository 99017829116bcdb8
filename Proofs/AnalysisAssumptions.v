(** What the theorems on differential equations rest on; [check-assumptions] compares the axioms with those of
    mathcomp's analysis: extensionality of propositions and of functions, and choice. *)
From Certify Require Import Gronwall Exponential.

Print Assumptions gronwall.
Print Assumptions distance_decays.
Print Assumptions length_decays.
Print Assumptions solutions_approach.
Print Assumptions solutions_outside.
Print Assumptions solutions_inside.
Print Assumptions exponential_size.
Print Assumptions integral_size.
Print Assumptions exponential_coupled_step.
