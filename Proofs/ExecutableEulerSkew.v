(** The refutation euler-skew, E4, as a program (Swift: [EulerSkew]): no constant metric at all.

    With L skew, A = (1 - h) + hL is normal, so |A y|^4 <= |y|^2 |A A y|^2 and |A^k x| never falls again once
    |A x| >= |x|; a metric in which A contracts would let it vanish. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms Instability.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks ExecutableAbsoluteValue
  ExecutableUniform ExecutableDense ExecutableSlopeLMI ExecutableRefutation ExecutableInertia.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Skew.
Variables (R : archiFieldType) (n : nat) (L : 'M[R]_n) (h : R) (x : 'cV[R]_n).
Hypotheses (skew : L^T = - L) (x0 : x != 0) (h0 : 0 <= h)
  (long : (2%:R - h) * dot x x <= h * dot (L *m x) (L *m x)).
Let A := (1 - h)%:M + h *: L.

Lemma skew_dot e : dot e (L *m e) = 0.
Proof.
have : dot e (L *m e) = - dot e (L *m e) by rewrite -{1}dotNr -mulNmx -skew -dot_adjoint dotC.
by move=> /eqP; rewrite -addr_eq0 -mulr2n mulrn_eq0 => /eqP.
Qed.

Lemma square (s : R) e : s ^+ 2 = 1 -> let y := ((1 - h)%:M + (s * h) *: L) *m e in
  dot y y = (1 - h) ^+ 2 * dot e e + h ^+ 2 * dot (L *m e) (L *m e).
Proof.
move=> s1 /=; rewrite mulmxDl mul_scalar_mx -scalemxAl -!bf1 !bfx !bf1 [dot (L *m e) e]dotC skew_dot.
have -> : h ^+ 2 = (s * h) ^+ 2 by rewrite exprMn s1 mul1r.
by ring.
Qed.

Lemma forth e : dot (A *m e) (A *m e) = (1 - h) ^+ 2 * dot e e + h ^+ 2 * dot (L *m e) (L *m e).
Proof. by have := @square 1 e (expr1n _ _); rewrite mul1r. Qed.

Lemma back e : dot (A^T *m e) (A^T *m e) = dot (A *m e) (A *m e).
Proof.
rewrite forth /A linearD linearZ /= tr_scalar_mx skew.
by have := @square (- 1) e; rewrite sqrrN expr1n mulN1r scaleNr -scalerN; apply.
Qed.

Lemma normal y : dot (A *m y) (A *m y) ^+ 2 <= dot y y * dot (A *m (A *m y)) (A *m (A *m y)).
Proof.
rewrite {1}dot_adjoint -back -!bf1; apply: cauchy_schwarz; first exact: scalar_symmetric.
by move=> z; rewrite /qf bf1 dot_ge0.
Qed.

Let y k := iter k (mulmx A) x.
Let a k := dot (y k) (y k).

Lemma never_falls k : 0 < a k /\ a k <= a k.+1.
Proof.
elim: k => [|k [ak le]]; rewrite /a /=.
  split; first exact: dot_gt0.
  rewrite forth -subr_ge0; have := long; rewrite -subr_ge0 => l0.
  have -> : (1 - h) ^+ 2 * dot x x + h ^+ 2 * dot (L *m x) (L *m x) - dot x x
    = h * (h * dot (L *m x) (L *m x) - (2%:R - h) * dot x x) by ring.
  exact: mulr_ge0.
have a1 : 0 < a k.+1 by apply: lt_le_trans le.
split=> //; rewrite -(ler_pmul2l a1) -expr2; apply: (le_trans (normal (y k))).
by apply: ler_wpmul2r (dot_ge0 _) _ _ le.
Qed.

Theorem euler_skew (F : family R n) : F A -> forall M rho, 0 <= rho < 1 -> ~ contracts F M rho.
Proof.
move=> FA M rho /andP[r0 r1] [pM sh]; have [c c0 bound] := dot_bounded pM.
have q1 : 0 <= rho ^+ 2 < 1 by rewrite sqr_ge0 expr_lt1.
have small k : qf M (y k) <= (rho ^+ 2) ^+ k * qf M x.
  elim: k => [|k IH]; first by rewrite expr0 mul1r.
  rewrite exprS -mulrA; apply: (le_trans (sh A FA (y k))).
  by apply: ler_wpmul2l IH; apply: sqr_ge0.
have a0 : 0 < a 0 by have [] := never_falls 0.
have [k] := powers_vanish (c * qf M x) q1 a0; apply/negP; rewrite -leNgt.
have : a 0 <= a k by elim: k => // k IH; apply: le_trans IH _; have [] := never_falls k.
move=> /le_trans; apply; apply: (le_trans (bound (y k))).
by rewrite -mulrA; apply: ler_wpmul2l => //; rewrite mulrC.
Qed.

End Skew.

Section Programs.
Variable N : network.
Local Notation n := (units N).

(** The squared length of a column. *)
Definition length2 X := at_ (mmul n 1 (mtr 1 X) X) 0 0.

Definition run_skew s x :=
  let h := entry s 0 in let L := coupled_matrix N in let X := column x in
  [&& has_steps N s, uniform n s, slope_zero N, qle (low N) q0,
      teq (transpose n (entries L)) (tmap Z.opp (entries L)), qlt q0 (length2 X) &
      qle (qmul (qsub q2 h) (length2 X)) (qmul h (length2 (mmul n 1 L X)))].

Section Meaning.
Variable R : archiFieldType.
Hypothesis ok : sensible N.
Local Notation qr := (qr R).
Local Notation col := (ExecutableMatrices.mx R n 1).

Lemma length2E X : qr (length2 X) = dot (col X) (col X).
Proof. by rewrite dotE -mxT -mxM mx_at. Qed.

Theorem run_skewP s x : run_skew s x -> run_refuted N R.
Proof.
case/and5P=> hs u z l0 /and3P[/teqP eL x0 long].
have hp := step_gt0_uniform R ok hs u.
have skew : (L_ R N)^T = - L_ R N.
  apply/matrixP => i j; rewrite !mxE !mx_at -mulNr -zrN; congr (zr R _ / _).
  by have := at2_transpose n (entries (coupled_matrix N)) i j; rewrite eL ltn_ord at2_map.
have low0 : qr (low N) = 0.
  have [lo _ _ _] := sensible_facts R ok; apply/eqP; rewrite eq_le lo andbT.
  by rewrite -(qr0 R) qr_le.
have X0 : col (column x) != 0.
  apply: contraTneq x0 => e; rewrite -(qr_lt R) qr0 length2E e.
  by rewrite /dot big1 ?ltxx // => i _; rewrite mxE mul0r.
rewrite -(qr_le R) !qrM qrB qr2 !length2E mxM in long.
have FA : run R N ((1 - qr (entry s 0))%:M + qr (entry s 0) *: L_ R N).
  have := @run_member N R ok s [::] hs z.
  rewrite mxD less_oneE -(stepsP R ok hs) (@uniformP R N _ u) diag_const_mx mul_scalar_mx.
  have -> : ExecutableMatrices.mx R n n (if side N is Outside then mcols (vertex N [::]) (weights N)
      else mrows (vertex N [::]) (weights N)) = 0.
    have v0 : rv R n (vertex N [::]) = 0.
      apply/rowP => i; rewrite rv_at mxE /entry /vertex /ExecutableNumbers.qr /= /at1.
      rewrite (nth_map 0%N) ?size_iota // nth_nil zrM zrMp.
      by move: low0; rewrite /ExecutableNumbers.qr => /eqP;
        rewrite mulf_eq0 invr_eq0 (negbTE (zr_pos0 _ _)) orbF => /eqP->; rewrite !mul0r.
    by case: (side N); rewrite ?mx_cols ?mx_rows v0 linear0 ?mulmx0 ?mul0mx.
  rewrite add0r scalerBr scalemx1 [_ *: _ - _]addrC addrA.
  by rewrite -(raddfB (scalar_mx_additive _ n)).
exact: (euler_skew skew X0 (ltW hp) long FA).
Qed.

End Meaning.
End Programs.
