(** Theorem 7: W = [[0, -c], [c, 0]], slopes in [0, 1].

    A constant metric exists iff c < 2 (for c >= 0): M = I gives the rate 1 - c/2; for c >= 2 the slopes (1, 0) and
    (0, 1) admit none. That is not divergence: what lies between 2 and 2.88 is in theory 2. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms FormTransfer SingularValue NoConstantMetric.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Theorem7.
Variable R : realFieldType.

Definition mx2 (a b c d : R) : 'M[R]_2 :=
  \matrix_(i, j) if i == 0 then (if j == 0 then a else b) else (if j == 0 then c else d).
Definition cv2 (a b : R) : 'cV[R]_2 := \col_i if i == 0 then a else b.
Definition rv2 (a b : R) : 'rV[R]_2 := \row_i if i == 0 then a else b.

Definition rotation c : 'M[R]_2 := mx2 0 (- c) c 0.

Lemma sum2 (f : 'I_2 -> R) : \sum_i f i = f 0 + f 1.
Proof. by rewrite big_ord_recl big_ord1; congr (_ + f _); apply: val_inj. Qed.

Lemma dot2 (x y : 'cV[R]_2) : dot x y = x 0 0 * y 0 0 + x 1 0 * y 1 0.
Proof. exact: sum2. Qed.

(** W x and the linearisation at slopes d, entry by entry. *)
Lemma rotation_image c (x : 'cV[R]_2) :
  rotation c *m x = cv2 (- c * x 1 0) (c * x 0 0).
Proof.
apply/colP => i; rewrite mxE sum2 !mxE /=.
by case: i => [[|[|//]] ?] /=; rewrite mul0r ?add0r ?addr0.
Qed.

Theorem theorem_7_metric c : 0 <= c ->
  certifies (outside 0 1 (rotation c) 0) 1%:M (1 - c / 2%:R) /\
  certifies (inside 0 1 (rotation c) 0) 1%:M (1 - c / 2%:R).
Proof.
move=> c0; have p1 i : 0 < (const_mx 1 : 'rV[R]_2) 0 i by rewrite mxE ltr01.
have -> : 1%:M = diag_mx (const_mx 1) :> 'M[R]_2 by rewrite diag_const_mx.
have -> : 1 - c / 2%:R = 1 - 1 / 2%:R * (c + 0) by rewrite addr0 mulrC mul1r mulrC.
apply: theorem_5_plus; rewrite ?ler01 // => x; rewrite diag_const_mx /qf !bf1.
  by rewrite rotation_image !dot2 !mxE /= le_eqVlt; apply/orP; left; apply/eqP; entries R; ring.
by rewrite rotation_image !dot2 !mxE /= le_eqVlt; apply/orP; left; apply/eqP; entries R; ring.
Qed.

Theorem theorem_7_none c : 2%:R <= c ->
  forall M lam, 0 < lam -> ~ certifies (outside 0 1 (rotation c) 0) M lam.
Proof.
move=> c2.
pose d (i : 'I_2) := if i == 0 then rv2 1 0 else rv2 0 1.
pose z (i : 'I_2) := if i == 0 then cv2 1 1 else cv2 1 (- 1).
pose s (i : 'I_2) := if i == 0 then cv2 1 0 else cv2 0 1.
apply: (@no_constant_metric _ _ _ _ _ (fun i => rotation c *m diag_mx (d i) + 0 - 1%:M) z
  (fun=> 2%:R * (c - 2%:R)) s).
- move=> i; exists (d i) => // j; rewrite /d; case: (i == 0); rewrite mxE; case: (j == 0);
  by rewrite ?lexx ?ler01.
- by exists 0; apply/eqP => /colP/(_ 0); rewrite !mxE /=; apply/eqP; rewrite oner_neq0.
- by move=> _; rewrite mulr_ge0 ?ler0n // subr_ge0.
have image i : (rotation c *m diag_mx (d i) + 0 - 1%:M) *m z i
    = if i == 0 then cv2 (- 1) (c - 1) else cv2 (c - 1) 1.
  rewrite addr0 mulmxBl mul1mx -mulmxA rotation_image mul_diag_mx.
  apply/colP => j; rewrite !mxE /d /z; case: (i == 0); rewrite !mxE /=;
  by case: j => [[|[|//]] ?] /=; ring.
apply/matrixP => i j; rewrite !summxE !sum2 !mxE !image !big_ord1 !mxE /=.
by case: i => [[|[|//]] ?]; case: j => [[|[|//]] ?] /=; rewrite ?mxE /=; ring.
Qed.

(** Form inside, by transposition; the sign of c is the order of the units. *)
Theorem theorem_7_none_inside c : 2%:R <= c ->
  forall M lam, 0 < lam -> ~ certifies (inside 0 1 (rotation (- c)) 0) M lam.
Proof.
move=> c2 M lam l0 cert; apply: (theorem_7_none c2 l0 (M := invmx M)).
apply/inside_of_outside; rewrite trmx0 invmxK.
have -> : (rotation c)^T = rotation (- c); last exact: cert.
by apply/matrixP => i j; rewrite !mxE; case: (i == 0); case: (j == 0); rewrite ?opprK.
Qed.

(** A rate exists for every c < 2. *)
Corollary theorem_7_exists c : 0 <= c -> c < 2%:R -> exists2 lam, 0 < lam &
  certifies (outside 0 1 (rotation c) 0) 1%:M lam /\ certifies (inside 0 1 (rotation c) 0) 1%:M lam.
Proof.
move=> c0 c2; exists (1 - c / 2%:R); last exact: theorem_7_metric.
by rewrite subr_gt0 ltr_pdivr_mulr ?ltr0n // mul1r.
Qed.

End Theorem7.
