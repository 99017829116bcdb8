(** Theorem 3: W = -P1 Q P2 with Q > 0, recognised by one positive vector (Swift: [ProductForm]; theory 1).

    If Q = -diag(s) W is symmetric and positive definite for some s > 0, every slope bound gives rate 1:

        form outside   M = diag(s) Q^-1 diag(s)
        form inside    M = Q

    The printed metric of arXiv:2106.08928 is that of form outside only. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section ProductForm.
Variables (R : realFieldType) (n : nat) (l g : R) (W : 'M[R]_n) (s : 'rV[R]_n).
Hypotheses (l0 : 0 <= l) (s0 : forall i, 0 < s 0 i).

Let S := diag_mx s.
Let Q : 'M_n := - (S *m W).
Hypothesis pQ : posdef Q.

Lemma S_unit : S \in unitmx.
Proof. exact/posdef_unit/diag_posdef. Qed.

Theorem product_form_inside : certifies (inside l g W 0) Q 1.
Proof.
split=> // _ [d sd ->] e; rewrite addr0 mulmxBl mul1mx mul1r bfDr bfNr -/(qf Q e) ger_addr.
have -> : bf Q e (diag_mx d *m W *m e) = - \sum_i s 0 i * d 0 i * (W *m e) i 0 ^+ 2.
  rewrite (bfC _ _ (posdef_symmetric pQ)) /bf /Q mulNmx dotNr; congr (- _).
  rewrite -!mulmxA /S dot_diag; apply: eq_bigr => i _.
  by rewrite mul_diag_mx mxE; entries R; ring.
rewrite oppr_le0 sumr_ge0 // => i _; have /andP[ld _] := sd i.
by apply: mulr_ge0; [apply: mulr_ge0 (le_trans l0 ld); apply: ltW | apply: sqr_ge0].
Qed.

Theorem product_form_outside : certifies (outside l g W 0) (S *m invmx Q *m S) 1.
Proof.
have uQ := posdef_unit pQ; have sQ := posdef_symmetric (posdef_inv pQ).
have form x y : bf (S *m invmx Q *m S) x y = bf (invmx Q) (S *m x) (S *m y).
  by rewrite bf_mul -bf_mulT tr_diag_mx.
split.
  split=> [|x x0]; first by rewrite /symmetric !trmx_mul tr_diag_mx sQ mulmxA.
  rewrite /qf form; apply: (posdef_inv pQ).2; apply: contraNneq x0 => e.
  by rewrite -[x](mulKmx S_unit) e mulmx0.
move=> _ [d sd ->] e; rewrite addr0 mulmxBl mul1mx mul1r bfDr bfNr -/(qf _ e) ger_addr.
have -> : bf (S *m invmx Q *m S) e (W *m diag_mx d *m e) = - \sum_i s 0 i * d 0 i * e i 0 ^+ 2.
  rewrite form; have -> : S *m (W *m diag_mx d *m e) = - (Q *m (diag_mx d *m e)).
    by rewrite /Q mulNmx opprK !mulmxA.
  rewrite bfNr /bf mulKmx // dot_adjoint tr_diag_mx dot_diag; congr (- _).
  by apply: eq_bigr => i _; rewrite mul_diag_mx mxE; entries R; ring.
rewrite oppr_le0 sumr_ge0 // => i _; have /andP[ld _] := sd i.
by apply: mulr_ge0; [apply: mulr_ge0 (le_trans l0 ld); apply: ltW | apply: sqr_ge0].
Qed.

End ProductForm.
