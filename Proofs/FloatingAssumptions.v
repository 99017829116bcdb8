(** What the theorems on floating point rest on; [check-assumptions] compares the axioms with those of Coq's real
    numbers. *)
From Certify Require Import FloatingRounding FloatingProducts FloatingInterval FloatingSums FloatingCholesky
  FloatingDefiniteness FloatingMatrix FloatingNorms FloatingResidual.

Print Assumptions addingUp_above.
Print Assumptions addingDown_below.
Print Assumptions subtractingUp_above.
Print Assumptions subtractingDown_below.
Print Assumptions multiplyingUp_above.
Print Assumptions multiplyingDown_below.
Print Assumptions dividingUp_above.
Print Assumptions dividingDown_below.
Print Assumptions squareRootUp_above.
Print Assumptions squareRootDown_below.
Print Assumptions above_flt.
Print Assumptions contains_add.
Print Assumptions contains_sub.
Print Assumptions contains_mul.
Print Assumptions contains_div.
Print Assumptions contains_quotient.
Print Assumptions contains_squareRoot.
Print Assumptions contains_union.
Print Assumptions magnitude_above.
Print Assumptions centre_encloses.
Print Assumptions posdef_residual.
Print Assumptions completes_form.
Print Assumptions positiveDefiniteness_sound.
Print Assumptions isPositiveDefinite_sound.
Print Assumptions productEntry_contains.
Print Assumptions product_encloses.
Print Assumptions dotProduct_error.
Print Assumptions isPositiveDefinite_factor.
Print Assumptions norm_above.
Print Assumptions coarse_encloses.
