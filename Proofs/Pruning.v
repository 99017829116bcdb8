(** Pruning (theory 5). Linear feedback that is skew in a diagonal metric stays so when entries (i, j) and (j, i)
    are removed together; Theorem 1 loses nothing when any entry is removed. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms AbsoluteValue.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Pruning.
Variables (R : realFieldType) (n : nat).
Implicit Types (W L : 'M[R]_n) (m : 'rV[R]_n).

(** Entries where keep says so. *)
Definition pruned (keep : 'I_n -> 'I_n -> bool) W : 'M[R]_n :=
  \matrix_(i, j) if keep i j then W i j else 0.

Theorem pruned_feedback m L (keep : 'I_n -> 'I_n -> bool) :
  (forall i j, keep i j = keep j i) ->
  diag_mx m *m L + L^T *m diag_mx m = 0 ->
  diag_mx m *m pruned keep L + (pruned keep L)^T *m diag_mx m = 0.
Proof.
move=> sym skew; apply/matrixP => i j; have := congr1 (fun A : 'M_n => A i j) skew.
rewrite !mul_diag_mx !mul_mx_diag !mxE [keep j i]sym.
by case: (keep i j); rewrite // mulr0 mul0r addr0.
Qed.

Theorem pruned_absolute_value g W (keep : 'I_n -> 'I_n -> bool) p v w lam : 0 <= g ->
  positive p -> positive v -> positive w ->
  (forall i, lam <= p 0 i * (1 - absolute g W i i - load (absolute g W) v w i / 2%:R)) ->
  certifies (paced p (outside 0 g (pruned keep W) 0)) (diag_mx (scaling p v w)) lam /\
  certifies (paced p (inside 0 g (pruned keep W) 0)) (diag_mx (scaling p v w)) lam.
Proof.
move=> g0 p0 v0 w0 rate; apply: theorem_1 => // i; apply: (le_trans (rate i)).
have le a b : absolute g (pruned keep W) a b <= absolute g W a b.
  rewrite !mxE; apply: ler_wpmul2l => //; case: (altP (a =P b)) => _;
    [case: (keep a a) | case: (keep a b)]; rewrite ?normr0 //.
  by rewrite maxxx le_maxr lexx orbT.
apply: ler_wpmul2l; first exact/ltW.
apply: ler_sub; first exact: ler_sub.
apply: ler_wpmul2r; first by rewrite invr_ge0 ler0n.
by apply: ler_add; apply: ler_wpmul2r; rewrite ?invr_ge0 ?(ltW (v0 _)) ?(ltW (w0 _)) //;
  apply: ler_sum => j _; apply: ler_wpmul2r; rewrite ?(ltW (v0 _)) ?(ltW (w0 _)).
Qed.

End Pruning.
