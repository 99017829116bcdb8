(** Components in a hierarchy, or in any interconnection: the block comparison lemma (Swift: [Hierarchy];
    theory 4).

    Let component i contract alone with (M_i, lam_i), and let b_ij bound |M_i^1/2 X_ij M_j^-1/2|, X_ij the block
    from j to i. For any v, w > 0, in the metric blkdiag((w_i / v_i) M_i),

        flow   lam <= lam_i - ((b v)_i / v_i + (b^T w)_i / w_i) / 2                          for all i
        Euler  rho^2 >= max_i (rho_i + (b v)_i / v_i)  max_i (rho_i + (b^T w)_i / w_i)

    where b has no diagonal. Connections that run one way need no further theorem: the rule does not ask. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms AbsoluteValue.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Sums.
Variables (R : realFieldType) (n : nat).
Implicit Types (M : 'M[R]_n) (x y : 'cV[R]_n).

Lemma bf_sumr (I : Type) (s : seq I) (P : pred I) M x (y : I -> 'cV_n) :
  bf M x (\sum_(j <- s | P j) y j) = \sum_(j <- s | P j) bf M x (y j).
Proof. by elim/big_rec2: _ => [|i a b _ <-]; rewrite ?bf0r ?bfDr. Qed.

Lemma bf_suml (I : Type) (s : seq I) (P : pred I) M (x : I -> 'cV_n) y :
  bf M (\sum_(j <- s | P j) x j) y = \sum_(j <- s | P j) bf M (x j) y.
Proof. by elim/big_rec2: _ => [|i a b _ <-]; rewrite ?bf0l ?bfDl. Qed.

Lemma bf_summ (I : Type) (s : seq I) (P : pred I) (M : I -> 'M_n) x y :
  bf (\sum_(j <- s | P j) M j) x y = \sum_(j <- s | P j) bf (M j) x y.
Proof. by elim/big_rec2: _ => [|i a b _ <-]; rewrite ?bfM0 ?bfMD. Qed.

(** 2 |x^T M y| <= 2 c when their squares allow it. *)
Lemma bf_le_mean M x y (a b : R) : symmetric M -> nonneg M -> 0 <= a -> 0 <= b ->
  qf M x * qf M y <= a * b -> bf M x y <= (a + b) / 2%:R.
Proof.
move=> sM pM a0 b0 h; apply: (le_trans (ler_norm _)).
have m0 : 0 <= (a + b) / 2%:R by rewrite divr_ge0 ?ler0n ?addr_ge0.
rewrite -ler_sqr ?nnegrE ?normr_ge0 // real_normK ?num_real //.
apply: (le_trans (cauchy_schwarz x y sM pM)); apply: (le_trans h).
by apply: (le_by (s := ((a - b) / 2%:R) ^+ 2)); [field | apply: sqr_ge0].
Qed.

(** Cauchy-Schwarz for a sum of vectors of which each has qf <= c_j d_j. *)
Lemma qf_sum_le p M (y : 'I_p -> 'cV_n) (c d : 'I_p -> R) : symmetric M -> nonneg M ->
  (forall j, 0 <= c j) -> (forall j, 0 <= d j) -> (forall j, qf M (y j) <= c j * d j) ->
  qf M (\sum_j y j) <= (\sum_j c j) * (\sum_j d j).
Proof.
move=> sM pM c0 d0 h; rewrite /qf bf_suml.
have -> : (\sum_j c j) * (\sum_j d j) = \sum_j \sum_k (c j * d k + c k * d j) / 2%:R.
  have -> : \sum_j \sum_k (c j * d k + c k * d j) / 2%:R
      = (\sum_j \sum_k c j * d k + \sum_j \sum_k c k * d j) / 2%:R.
    by rewrite -big_split mulr_suml /=; apply: eq_bigr => j _; rewrite -big_split mulr_suml.
  rewrite [X in _ + X]exchange_big /= -big_distrlr /=.
  by set s := _ * _; field.
apply: ler_sum => j _; rewrite bf_sumr; apply: ler_sum => k _.
apply: bf_le_mean => //; rewrite ?mulr_ge0 //.
apply: (@le_trans _ _ ((c j * d j) * (c k * d k))); first exact: ler_pmul.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

End Sums.

Section Hierarchy.
Variables (R : realFieldType) (n p : nat).
Variable home : 'I_n -> 'I_p.

(** The part of e in component j; zero elsewhere. *)
Definition part (j : 'I_p) (e : 'cV[R]_n) : 'cV[R]_n :=
  \col_i (if home i == j then e i 0 else 0).

Lemma part_sum e : \sum_j part j e = e.
Proof.
apply/colP => i; rewrite summxE (bigD1 (home i)) //= mxE eqxx big1 ?addr0 // => j.
by rewrite mxE eq_sym => /negbTE->.
Qed.

(** M_i, filled with zeros outside component i. *)
Variable M : 'I_p -> 'M[R]_n.
Hypotheses (sM : forall i, symmetric (M i)) (pM : forall i, nonneg (M i))
  (full : forall e : 'cV_n, e != 0 -> exists i, 0 < qf (M i) e).

Variables (v w : 'rV[R]_p).
Hypotheses (v0 : positive v) (w0 : positive w).

Definition joint : 'M[R]_n := \sum_i (w 0 i / v 0 i) *: M i.

Let P0 i : 0 < w 0 i / v 0 i. Proof. by rewrite divr_gt0. Qed.

Lemma qf_joint e : qf joint e = \sum_i w 0 i / v 0 i * qf (M i) e.
Proof. by rewrite /qf bf_summ; apply: eq_bigr => i _; rewrite bfMZ. Qed.

Lemma joint_posdef : posdef joint.
Proof.
split=> [|e e0].
  by rewrite /symmetric /joint linear_sum; apply: eq_bigr => i _; rewrite linearZ /= sM.
have [i qi] := full e0; rewrite qf_joint (bigD1 i) //=.
apply: ltr_paddr; last by have := mulr_gt0 (P0 i) qi.
by apply: sumr_ge0 => j _; have := mulr_ge0 (ltW (P0 j)) (pM j e).
Qed.

Variables (F : family R n) (b : 'M[R]_p).
Hypothesis b0 : forall i j, 0 <= b i j.

(** Component j drives component i by at most b_ij. *)
Hypothesis gain : forall A, F A -> forall i j, i != j -> forall e,
  qf (M i) (A *m part j e) <= b i j ^+ 2 * qf (M j) e.

Lemma image_sum (A : 'M[R]_n) (e : 'cV[R]_n) : A *m e = \sum_j A *m part j e.
Proof. by rewrite -mulmx_sumr part_sum. Qed.

Theorem hierarchy_flow (lam_ : 'I_p -> R) lam :
  (forall A, F A -> forall i e, bf (M i) e (A *m part i e) <= - (lam_ i * qf (M i) e)) ->
  (forall i, lam <= lam_ i - load b v w i / 2%:R) ->
  certifies F joint lam.
Proof.
move=> alone rate; split=> [|A FA e]; first exact: joint_posdef.
pose q i := qf (M i) e.
have cross i j : j != i ->
    bf (M i) e (A *m part j e) <= b i j * ((q i * (v 0 j / v 0 i) + q j * (v 0 i / v 0 j)) / 2%:R).
  move=> ji; have vi : v 0 i != 0 by rewrite gt_eqF.
  have vj : v 0 j != 0 by rewrite gt_eqF.
  rewrite mulrA mulrDr; apply: bf_le_mean => //.
  - by apply: mulr_ge0 => //; apply: mulr_ge0; [apply: pM | rewrite ltW // divr_gt0].
  - by apply: mulr_ge0 => //; apply: mulr_ge0; [apply: pM | rewrite ltW // divr_gt0].
  have -> : b i j * (q i * (v 0 j / v 0 i)) * (b i j * (q j * (v 0 i / v 0 j)))
    = q i * (b i j ^+ 2 * q j) by field; rewrite vi vj.
  by apply: ler_wpmul2l; [apply: pM | apply: gain => //; rewrite eq_sym].
rewrite /bf /joint -/(bf _ _ _) bf_summ.
apply: (@le_trans _ _ (\sum_i w 0 i / v 0 i * (- (lam_ i * q i) + \sum_(j | j != i)
    b i j * ((q i * (v 0 j / v 0 i) + q j * (v 0 i / v 0 j)) / 2%:R)))).
  apply: ler_sum => i _; rewrite bfMZ; apply: ler_wpmul2l; first exact/ltW.
  rewrite image_sum bf_sumr (bigD1 i) //=; apply: ler_add; first exact: alone.
  by apply: ler_sum => j; apply: cross.
under eq_bigr => i _ do rewrite mulrDr.
rewrite big_split /= (load_sum b q v0 w0) qf_joint mulr_sumr -sumrN -big_split /=.
apply: ler_sum => i _; rewrite -/(q i).
apply: (le_by (s := w 0 i / v 0 i * q i * (lam_ i - load b v w i / 2%:R - lam))); first by ring.
by apply: mulr_ge0; [apply: mulr_ge0 (pM _ _); apply: ltW | rewrite subr_ge0].
Qed.

Theorem hierarchy_map (rho_ : 'I_p -> R) rows columns rho :
  (forall i, 0 <= rho_ i) -> 0 <= rows ->
  (forall A, F A -> forall i e, qf (M i) (A *m part i e) <= rho_ i ^+ 2 * qf (M i) e) ->
  (forall i, rho_ i + (\sum_(j | j != i) b i j * v 0 j) / v 0 i <= rows) ->
  (forall j, rho_ j + (\sum_(i | i != j) b i j * w 0 i) / w 0 j <= columns) ->
  rows * columns <= rho ^+ 2 ->
  contracts F joint rho.
Proof.
move=> r0 rows0 alone hr hc rho2; split=> [|A FA e]; first exact: joint_posdef.
have vn i : v 0 i != 0 by rewrite gt_eqF.
have wn i : w 0 i != 0 by rewrite gt_eqF.
pose q i := qf (M i) e; have q0 i : 0 <= q i := pM i e.
pose B i j := if j == i then rho_ i else b i j.
have B0 i j : 0 <= B i j by rewrite /B; case: eqP.
have row i : \sum_j B i j * v 0 j <= rows * v 0 i.
  rewrite (bigD1 i) //= {1}/B eqxx -ler_pdivr_mulr // mulrDl mulfK //.
  apply: le_trans (hr i); rewrite ler_add2l; apply: ler_wpmul2r; first by rewrite invr_ge0 ltW.
  by apply: ler_sum => j /negbTE ji; rewrite /B ji.
have column j : \sum_i B i j * w 0 i <= columns * w 0 j.
  rewrite (bigD1 j) //= {1}/B eqxx -ler_pdivr_mulr // mulrDl mulfK //.
  apply: le_trans (hc j); rewrite ler_add2l; apply: ler_wpmul2r; first by rewrite invr_ge0 ltW.
  by apply: ler_sum => i ij; rewrite /B eq_sym (negbTE ij).
have image i : qf (M i) (A *m e) <= rows * v 0 i * \sum_j B i j * (q j / v 0 j).
  rewrite image_sum; apply: (@le_trans _ _ ((\sum_j B i j * v 0 j) * \sum_j B i j * (q j / v 0 j))).
    apply: qf_sum_le => // j; rewrite ?mulr_ge0 ?(ltW (v0 _)) //.
      by rewrite invr_ge0 (ltW (v0 _)).
    have -> : B i j * v 0 j * (B i j * (q j / v 0 j)) = B i j ^+ 2 * q j by field; rewrite vn.
    by rewrite /B; case: eqP => [->|/eqP ji]; [apply: alone | apply: gain; rewrite // eq_sym].
  apply: ler_wpmul2r; last exact: row.
  by apply: sumr_ge0 => j _; apply: mulr_ge0 => //; apply: divr_ge0 => //; apply: ltW.
rewrite !qf_joint.
apply: (@le_trans _ _ (\sum_i rows * \sum_j B i j * w 0 i * (q j / v 0 j))).
  apply: ler_sum => i _; apply: (le_trans (ler_wpmul2l (ltW (P0 i)) (image i))).
  rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by rewrite !mulr_sumr; apply: eq_bigr => j _; field; rewrite !vn.
rewrite -mulr_sumr exchange_big /=.
apply: (@le_trans _ _ (rows * \sum_j columns * (w 0 j / v 0 j * q j))).
  apply: ler_wpmul2l => //; apply: ler_sum => j _; rewrite -mulr_suml.
  have -> : columns * (w 0 j / v 0 j * q j) = columns * w 0 j * (q j / v 0 j) by field; rewrite vn.
  by apply: ler_wpmul2r (column j); apply: divr_ge0 => //; apply: ltW.
rewrite -mulr_sumr mulrA; apply: ler_wpmul2r => //; apply: sumr_ge0 => i _.
by apply: mulr_ge0 (q0 i); apply: ltW.
Qed.

End Hierarchy.
