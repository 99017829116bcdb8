(** Refutations by the sign of a determinant, as a program (Swift: [UnstableVertex]; theory F4).

    A matrix with a positive quadratic form has a positive determinant. If (M, lam) certified A, -MA would have
    one, and M; so det(-A) <= 0 leaves no constant metric. For a map A likewise det(1 - A) and det(1 + A).

    The sign is shown by a triangular factorisation that somebody proposes: E A X = T with E upper triangular of
    ones, X upper triangular with a positive diagonal, and T lower triangular. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks ExecutableAbsoluteValue
  ExecutableUniform ExecutableDense.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Determinant.
Variable R : realFieldType.

Theorem positive_form_det n (B : 'M[R]_n) : (forall x, x != 0 -> 0 < dot x (B *m x)) -> 0 < \det B.
Proof.
elim: n B => [|n IH] B pB; first by rewrite det_mx00 ltr01.
pose B' : 'M_(1 + n) := B; pose a := B' 0 0; pose b := ursubmx B'; pose c := dlsubmx B'; pose D := drsubmx B'.
have eB : B' = block_mx a%:M b c D by rewrite -[LHS]submxK /a; congr block_mx; rewrite [LHS]mx11_scalar !mxE !lshift0.
have form y z : dot (col_mx y z : 'cV_(1 + n)) (B' *m col_mx y z) = dot y (a *: y + b *m z) + dot z (c *m y + D *m z).
  rewrite eB mul_block_col mul_scalar_mx /dot big_split_ord /=.
  by congr (_ + _); apply: eq_bigr => i _; rewrite ?col_mxEu ?col_mxEd.
have a0 : 0 < a.
  have := pB (col_mx 1 0 : 'cV_(1 + n)); rewrite form !mulmx0 !addr0 mulmx1 dotZr.
  have -> : dot (0 : 'cV[R]_n) c = 0 by rewrite /dot big1 // => i _; rewrite mxE mul0r.
  have -> : dot (1 : 'cV[R]_1) 1 = 1 by rewrite /dot big_ord1 !mxE eqxx mulr1.
  rewrite mulr1 addr0; apply; apply/eqP => /(congr1 (fun x : 'cV_(1 + n) => x (lshift n 0) 0)).
  by rewrite col_mxEu !mxE eqxx => /eqP; rewrite oner_eq0.
pose S := D - a^-1 *: (c *m b).
have -> : \det B = a * \det S.
  pose U : 'M_(1 + n) := block_mx 1%:M (- (a^-1 *: b)) 0 1%:M.
  have <- : \det (B' *m U) = \det B by rewrite det_mulmx /U det_ublock !det1 !mulr1.
  rewrite eB /U mulmx_block !mulmx1 !mulmx0 !addr0 mul_scalar_mx scalerN scalerA divff ?gt_eqF // scale1r addNr.
  by rewrite mulmxN -scalemxAr addrC -/S det_lblock det_scalar1.
apply: mulr_gt0 => //; apply: IH => z z0.
have := pB (col_mx (- (a^-1 *: (b *m z))) z : 'cV_(1 + n)); rewrite form.
rewrite scalerN scalerA divff ?gt_eqF // scale1r addNr.
have -> : dot (- (a^-1 *: (b *m z))) 0 = 0 by rewrite /dot big1 // => i _; rewrite [X in _ * X]mxE mulr0.
have -> : c *m - (a^-1 *: (b *m z)) + D *m z = S *m z.
  by rewrite /S mulmxBl -scalemxAl -mulmxA mulmxN -scalemxAr addrC.
rewrite add0r; apply; apply: contra_neq z0 => /(congr1 (@dsubmx R 1 n 1)).
by rewrite col_mxKd linear0.
Qed.

Variables (n : nat) (F : family R n) (A : 'M[R]_n).
Hypothesis FA : F A.

Lemma posdef_det (M : 'M[R]_n) : posdef M -> 0 < \det M.
Proof. by case=> _ pM; apply: positive_form_det. Qed.

Lemma no_metric (B : 'M[R]_n) (M : 'M[R]_n) : posdef M -> \det B <= 0 ->
  (forall x, x != 0 -> 0 < bf M x (B *m x)) -> False.
Proof.
move=> pM dB h; have : 0 < \det (M *m B) by apply: positive_form_det => x /h; rewrite /bf mulmxA.
by rewrite det_mulmx (pmulr_rgt0 _ (posdef_det pM)) ltNge dB.
Qed.

Theorem determinant_flow : \det (- A) <= 0 -> forall M lam, 0 < lam -> ~ certifies F M lam.
Proof.
move=> dA M lam l0 [pM d]; apply: (no_metric pM dA) => x x0; rewrite mulNmx bfNr oppr_gt0.
by apply: le_lt_trans (d A FA x) _; rewrite oppr_lt0 mulr_gt0 ?pM.2.
Qed.

Lemma contracts_form M rho x s : 0 <= rho < 1 -> contracts F M rho -> x != 0 -> s ^+ 2 = 1 ->
  0 < bf M x (x + s *: (A *m x)).
Proof.
move=> /andP[r0 r1] [pM d] x0 s1; have sM := posdef_symmetric pM; have nM := posdef_nonneg pM.
rewrite bfDr -/(qf M x) -[s *: _]opprK bfNr subr_gt0.
apply: (@le_lt_trans _ _ (rho * qf M x)); last by rewrite gtr_pmull ?pM.2.
by apply: bf_le1 => //; rewrite qfN qfZ s1 mul1r; apply: d.
Qed.

Theorem determinant_map : \det (1%:M - A) <= 0 -> forall M rho, 0 <= rho < 1 -> ~ contracts F M rho.
Proof.
move=> dA M rho r c; apply: (no_metric c.1 dA) => x x0; rewrite mulmxBl mul1mx -scaleN1r.
by apply: (contracts_form r c x0); rewrite sqrrN expr1n.
Qed.

Theorem flip_map : \det (1%:M + A) <= 0 -> forall M rho, 0 <= rho < 1 -> ~ contracts F M rho.
Proof.
move=> dA M rho r c; apply: (no_metric c.1 dA) => x x0; rewrite mulmxDl mul1mx -[A *m x]scale1r.
by apply: (contracts_form r c x0); rewrite expr1n.
Qed.

End Determinant.
