(** Theorem 4, after any permutation (Swift: [Triangular]; theory 1: contained in Theorem 1).

    Connections run from earlier to later units of an order; slack_i = 1 - N_ii - lam tau_i is positive at units
    that are linked and nonnegative at the others. Then v and w exist for which the absolute-value rule gives
    lam, however strong the connections are. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms AbsoluteValue.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Triangular.
Variables (R : realFieldType) (n : nat).
Implicit Types (N : 'M[R]_n) (v w p slack : 'rV[R]_n).

(** In the order, each unit's incoming weight is measured in units of its slack. *)
Lemma ordered_scaling N slack (place : 'I_n -> nat) :
  (forall i j, i != j -> 0 <= N i j) ->
  (forall i j, i != j -> N i j != 0 -> (place j < place i)%N) ->
  (forall i, 0 <= slack 0 i) ->
  (forall i j, i != j -> N i j != 0 -> 0 < slack 0 i) ->
  exists2 v, positive v & forall i, \sum_(j | j != i) N i j * v 0 j <= slack 0 i * v 0 i.
Proof.
move=> N0 order s0 linked.
suff upto : forall k, exists2 v, positive v &
    forall i, (place i < k)%N -> \sum_(j | j != i) N i j * v 0 j <= slack 0 i * v 0 i.
  have [v vp vs] := upto (\max_i place i).+1.
  by exists v => // i; apply: vs; rewrite ltnS (leq_bigmax i).
elim=> [|k [v vp vs]]; first by exists (const_mx 1) => // i; rewrite mxE ltr01.
pose row i := \sum_(j | j != i) N i j * v 0 j.
have row0 i : 0 <= row i.
  by apply: sumr_ge0 => j ji; apply: mulr_ge0 (ltW (vp j)); apply: N0; rewrite eq_sym.
pose v' : 'rV[R]_n := \row_i if place i == k then (if row i == 0 then 1 else row i / slack 0 i)
  else v 0 i.
have slack_pos i : row i != 0 -> 0 < slack 0 i.
  move=> ri; have [j /andP[ji Nij]|none] := pickP (fun j => (j != i) && (N i j != 0)).
    by apply: linked Nij; rewrite eq_sym.
  case/eqP: ri; apply: big1 => j ji; have := none j; rewrite ji /= => /negbFE/eqP->.
  by rewrite mul0r.
have earlier i : (place i <= k)%N -> \sum_(j | j != i) N i j * v' 0 j = row i.
  move=> ik; apply: eq_bigr => j ji; rewrite mxE; case: eqP => // jk.
  suff -> : N i j = 0 by rewrite !mul0r.
  apply/eqP; apply: contraTT ik => Nij; rewrite -ltnNge -jk.
  by apply: order Nij; rewrite eq_sym.
exists v' => [i|i].
  rewrite mxE; case: ifP => // _; case: ifP => [_|/negbT ri]; first exact: ltr01.
  by rewrite divr_gt0 ?slack_pos // lt_neqAle eq_sym ri row0.
rewrite ltnS => ik; rewrite earlier // mxE; case: eqP => [_|/eqP ne]; last first.
  by apply: vs; rewrite ltn_neqAle ne.
case: ifP => [/eqP->|/negbT ri]; first by rewrite mulr1.
by rewrite mulrC divfK // gt_eqF // slack_pos.
Qed.

Theorem triangular p N (F : family R n) (place : 'I_n -> nat) lam :
  positive p -> (forall A, F A -> compared N (A + 1%:M)) ->
  (forall i j, i != j -> 0 <= N i j) ->
  (forall i j, i != j -> N i j != 0 -> (place j < place i)%N) ->
  (forall i, 0 <= 1 - N i i - lam / p 0 i) ->
  (forall i j, i != j -> N i j != 0 ->
    0 < 1 - N i i - lam / p 0 i /\ 0 < 1 - N j j - lam / p 0 j) ->
  exists v w, [/\ positive v, positive w & certifies (paced p F) (diag_mx (scaling p v w)) lam].
Proof.
move=> p0 bounded N0 order s0 linked.
pose slack : 'rV[R]_n := \row_i (1 - N i i - lam / p 0 i).
have sE i : slack 0 i = 1 - N i i - lam / p 0 i by rewrite mxE.
have [v vp vs] : exists2 v, positive v &
    forall i, \sum_(j | j != i) N i j * v 0 j <= slack 0 i * v 0 i.
  apply: (ordered_scaling (place := place)) => // [i|i j ij Nij]; rewrite sE //.
  by have [] := linked i j ij Nij.
have [w wp ws] : exists2 w, positive w &
    forall i, \sum_(j | j != i) N^T i j * w 0 j <= slack 0 i * w 0 i.
  pose back i := (\max_j place j - place i)%N.
  apply: (ordered_scaling (place := back)) => [i j ij|i j ij|i|i j ij]; rewrite ?mxE ?sE //.
  - by apply: N0; rewrite eq_sym.
  - move=> Nji; have lt := order j i; rewrite eq_sym in lt; have {}lt := lt ij Nji.
    by rewrite /back ltn_sub2l // (leq_trans lt) // (leq_bigmax j).
  - by move=> Nji; have [|_] := linked j i _ Nji; rewrite // eq_sym.
exists v, w; split=> //; apply: (absolute_value_flow (N := N)) => // i.
have vn : v 0 i != 0 by rewrite gt_eqF.
have wn : w 0 i != 0 by rewrite gt_eqF.
have pn : p 0 i != 0 by rewrite gt_eqF.
have h1 : (\sum_(j | j != i) N i j * v 0 j) / v 0 i <= slack 0 i by rewrite ler_pdivr_mulr.
have h2 : (\sum_(j | j != i) N j i * w 0 j) / w 0 i <= slack 0 i.
  rewrite ler_pdivr_mulr //; apply: le_trans (ws i).
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => j _; rewrite mxE.
move: h1 h2; rewrite /load !sE; set a := _ / v 0 i; set b := _ / w 0 i => h1 h2.
rewrite -subr_ge0 in h1; rewrite -subr_ge0 in h2.
apply: (le_by (s := p 0 i * ((1 - N i i - lam / p 0 i - a) + (1 - N i i - lam / p 0 i - b)) / 2%:R)).
  by field; rewrite pn.
by apply: divr_ge0 (ler0n _ 2); apply: mulr_ge0 (ltW (p0 i)) (addr_ge0 h1 h2).
Qed.

(** Euler: slack_i = rho - |A_ii|. *)
Theorem triangular_euler (B : 'M[R]_n) (F : family R n) (place : 'I_n -> nat) (rho : R) :
  (forall A, F A -> forall i j, `|A i j| <= B i j) ->
  (forall i j, 0 <= B i j) -> 0 <= rho ->
  (forall i j, i != j -> B i j != 0 -> (place j < place i)%N) ->
  (forall i, B i i <= rho) ->
  (forall i j, i != j -> B i j != 0 -> B i i < rho /\ B j j < rho) ->
  exists v w, [/\ positive v, positive w & contracts F (diag_mx (\row_i (w 0 i / v 0 i))) rho].
Proof.
move=> bounded B0 rho0 order s0 linked; pose slack : 'rV[R]_n := \row_i (rho - B i i).
have sE i : slack 0 i = rho - B i i by rewrite mxE.
have [v vp vs] : exists2 v, positive v &
    forall i, \sum_(j | j != i) B i j * v 0 j <= slack 0 i * v 0 i.
  apply: (ordered_scaling (place := place)) => // [i|i j ij Bij]; rewrite sE ?subr_ge0 // subr_gt0.
  by have [] := linked i j ij Bij.
have [w wp ws] : exists2 w, positive w &
    forall i, \sum_(j | j != i) B^T i j * w 0 j <= slack 0 i * w 0 i.
  pose back i := (\max_j place j - place i)%N.
  apply: (ordered_scaling (place := back)) => [i j ij|i j ij|i|i j ij]; rewrite ?mxE ?sE ?subr_ge0 //.
  - move=> Bji; have lt := order j i; rewrite eq_sym in lt; have {}lt := lt ij Bji.
    by rewrite /back ltn_sub2l // (leq_trans lt) // (leq_bigmax j).
  - by move=> Bji; rewrite subr_gt0; have [|_] := linked j i _ Bji; rewrite // eq_sym.
exists v, w; split=> //; apply: (absolute_value_map (rows := rho) (columns := rho)) bounded _ _ _ => //.
- move=> i; rewrite ler_pdivr_mulr // (bigD1 i) //=; have := vs i; rewrite sE mulrBl.
  by rewrite -(ler_add2l (B i i * v 0 i)) addrC [X in _ <= X]addrC subrK addrC.
- move=> j; rewrite ler_pdivr_mulr // (bigD1 j) //=; have := ws j; rewrite sE mulrBl.
  rewrite -(ler_add2l (B j j * w 0 j)) addrC [X in _ <= X]addrC subrK addrC; apply: le_trans.
  by rewrite ler_add2l le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => i _; rewrite mxE.
Qed.

End Triangular.
