(** The rule absolute-value as a program. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition positives n v := all (fun i => qlt (qof Z0) (entry v i)) (iota 0 n).

(** (Bv)_i, over the scales of B and v. *)
Definition row_sum n (B : matrix) v i :=
  Quotient (dotz Z0 n (nth [::] (entries B) i) (coordinates v)) (Pos.mul (scale B) (over v)).

Definition at_ (B : matrix) i j := Quotient (at2 (entries B) i j) (scale B).

(** ((Bv)_i - B_ii v_i) / v_i. *)
Definition share n B v i := qsub (qmul (row_sum n B v i) (qinv (entry v i))) (at_ B i i).

Definition absolute_value_rate (N : network) v w lam :=
  let n := units N in let C := centre N in let R := radius N in
  let B := madd (mabs C) R in let Bt := mtr n B in
  positives n v && positives n w &&
  all (fun i =>
    qle (qadd (qmul lam (entry (times N) i))
          (qadd (qadd (at_ C i i) (at_ R i i)) (qmul qhalf (qadd (share n B v i) (share n Bt w i)))))
      (qof Z0)) (iota 0 n).

(** |1 + HC| + HR bounds the map. *)
Definition map_bound (N : network) s :=
  madd (mabs (madd (mscalar (units N) (qof (Zpos 1))) (mrows s (centre N)))) (mrows s (radius N)).

Definition largest (qs : seq quotient) := foldr qmax (qof Z0) qs.

Definition absolute_value_factor (N : network) s v w rho :=
  let n := units N in let B := map_bound N s in let Bt := mtr n B in
  let rows := largest (map (fun i => qmul (row_sum n B v i) (qinv (entry v i))) (iota 0 n)) in
  let columns := largest (map (fun i => qmul (row_sum n Bt w i) (qinv (entry w i))) (iota 0 n)) in
  [&& positives n v, positives n w & qle (qmul rows columns) (qmul rho rho)].

Section Meaning.
Variables (R : realFieldType) (N : network).
Local Notation n := (units N).
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).

Lemma positivesP v : positives n v -> positive (rv n v).
Proof. by move/allP=> h i; rewrite rv_at; apply: qr_positive; apply: h; rewrite mem_iota add0n ltn_ord. Qed.

Lemma row_sumE B v i : qr (row_sum n B v i) = \sum_(j < n) mx i.+1 n B ord_max j * rv n v 0 j.
Proof.
rewrite /qr /= zr_dot add0r zrMp mulr_suml; apply: eq_bigr => j _.
by rewrite mx_at rv_at /qr /= mulf_div.
Qed.

Lemma row_sum_ord B v (i : 'I_n) : qr (row_sum n B v i) = \sum_j mx n n B i j * rv n v 0 j.
Proof. by rewrite row_sumE; apply: eq_bigr => j _; rewrite !mx_at. Qed.

Lemma at_E B (i j : 'I_n) : qr (at_ B i j) = mx n n B i j.
Proof. by rewrite mx_at. Qed.

Lemma shareE B v (i : 'I_n) : positive (rv n v) ->
  qr (share n B v i) = (\sum_(j | j != i) mx n n B i j * rv n v 0 j) / rv n v 0 i.
Proof.
move=> v0; have vE : qr (entry v i) = rv n v 0 i by rewrite rv_at.
rewrite qrB qrM qr_inv vE // at_E row_sum_ord (bigD1 i) //= mulrDl mulfK ?gt_eqF //.
by rewrite addrAC subrr add0r.
Qed.

(** N of theory 1: off the diagonal and on it. *)
Definition compare_matrix : 'M[R]_n := \matrix_(i, j)
  (if i == j then mx n n (centre N) i i + 1 + mx n n (radius N) i i
   else mx n n (madd (mabs (centre N)) (radius N)) i j).

Lemma linear_compared A : sensible N -> linear R N A -> compared compare_matrix (A + 1%:M).
Proof.
move=> ok lin; have b := linear_bound ok lin; split=> [i j ij|i].
  rewrite !mxE (negbTE ij) addr0 mxD mxE mx_abs -[A i j](subrK (mx n n (centre N) i j)) addrC.
  by apply: (le_trans (ler_norm_add _ _)); apply: ler_add.
have /ler_normlP[_] := b i i; rewrite ler_subl_addr addrC => h.
by rewrite !mxE eqxx addrAC ler_add2r.
Qed.

Lemma compare_load v w (i : 'I_n) (B := madd (mabs (centre N)) (radius N)) :
  positive (rv n v) -> positive (rv n w) ->
  load compare_matrix (rv n v) (rv n w) i = qr (share n B v i) + qr (share n (mtr n B) w i).
Proof.
move=> v0 w0; rewrite /load !shareE //; congr (_ / _ + _ / _); apply: eq_bigr => j ji.
  by rewrite mxE eq_sym (negbTE ji).
by rewrite mxT !mxE (negbTE ji).
Qed.

Theorem absolute_value_rateP v w lam :
  sensible N -> qlt (qof Z0) lam -> absolute_value_rate N v w lam ->
  flow_by R N (diag_mx (scaling (pace R N) (rv n v) (rv n w))) lam.
Proof.
move=> ok l0 /andP[/andP[/positivesP v0 /positivesP w0] /allP rate].
split; first exact: qr_positive.
apply: (absolute_value_flow (N := compare_matrix)) => //; first exact: pace_gt0.
  by move=> A; apply: linear_compared.
move=> i; have [_ _ _ t0] := sensible_facts R ok.
have := rate i; rewrite mem_iota add0n ltn_ord compare_load // !mxE eqxx => /(_ isT).
move: (share n _ v i) (share n _ w i) => a b.
rewrite -(qr_le R) !qrD qr0 !qrM qr_half !qrD !at_E -/(tau R N i).
move: (mx n n _ i i) (mx n n _ i i) (qr a) (qr b) => c r {}a {}b h.
rewrite mulrC ler_pdivl_mulr // -subr_ge0; rewrite -oppr_ge0 in h.
by apply: (le_by _ h); rewrite subr0; field.
Qed.

Lemma largest_ge qs q : List.In q qs -> qr q <= qr (largest qs).
Proof.
elim: qs => //= p qs IH; have [pm qm] := qr_max R p (largest qs).
by case=> [<- //|/IH h]; apply: le_trans qm.
Qed.

Lemma largest_ge0 qs : 0 <= qr (largest qs).
Proof. by elim: qs => /= [|p qs IH]; rewrite ?qr0 //; have [_ h] := qr_max R p (largest qs); apply: le_trans h. Qed.

Lemma largest_iota (f : nat -> quotient) (i : 'I_n) : qr (f i) <= qr (largest (map f (iota 0 n))).
Proof.
apply: largest_ge; have : (i : nat) \in iota 0 n by rewrite mem_iota add0n ltn_ord.
by elim: (iota 0 n) => //= j js IH; rewrite inE => /orP[/eqP->|/IH]; [left | right].
Qed.

Lemma run_bound s A : sensible N -> has_steps N s -> run R N A ->
  forall i j, `|A i j| <= mx n n (map_bound N s) i j.
Proof.
move=> ok hs [_ [B lin ->] ->] i j; have b := linear_bound ok lin i j.
have s0 := step_gt0 R ok hs i; rewrite -(stepsP R ok hs) in s0 *.
rewrite /map_bound mxD [X in _ <= X]mxE mx_abs mxD !mx_rows mx_scalar qr1 !mul_diag_mx scale1r !mxE.
move: (mx n n (centre N) i j) (mx n n (radius N) i j) b (rv n s 0 i) s0 => c r b p p0.
have -> : (i == j)%:R + p * B i j = ((i == j)%:R + p * c) + p * (B i j - c) by entries R; ring.
by apply: (le_trans (ler_norm_add _ _)); rewrite ler_add2l normrM (gtr0_norm p0) ler_wpmul2l // ltW.
Qed.

Theorem absolute_value_factorP s v w rho :
  sensible N -> has_steps N s -> qle (qof Z0) rho -> qlt rho (qof (Zpos 1)) ->
  absolute_value_factor N s v w rho ->
  run_by R N (diag_mx (\row_i (rv n w 0 i / rv n v 0 i))) rho.
Proof.
move=> ok hs r0 r1 /and3P[/positivesP v0 /positivesP w0]; rewrite -(qr_le R) !qrM => rate.
split; first by rewrite (qr_nonneg _ r0) -(qr1 R) qr_lt.
apply: (absolute_value_map (B := mx n n (map_bound N s))) (rate) => //; first exact: largest_ge0.
- by move=> A; apply: run_bound.
- move=> i; apply: le_trans (largest_iota _ i); rewrite qrM qr_inv; last by have := v0 i; rewrite rv_at.
  by rewrite row_sum_ord rv_at.
move=> j; apply: le_trans (largest_iota _ j); rewrite qrM qr_inv; last by have := w0 j; rewrite rv_at.
rewrite row_sum_ord mxT rv_at le_eqVlt; apply/orP; left; apply/eqP; congr (_ / _).
by apply: eq_bigr => i _; rewrite mxE.
Qed.

End Meaning.
