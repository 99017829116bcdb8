(** Theorem 1 with its rate (Swift: [AbsoluteValue], [ComparisonMatrix]; theory 1 and E2).

    Let N bound the entries of A + 1 off the diagonal in absolute value and on it from above, for every A of
    the family. For any v, w > 0, at unit i's pace p_i = 1/tau_i,

        flow   lam <= p_i (1 - N_ii - ((N v)_i / v_i + (N^T w)_i / w_i) / 2)   for all i,
               in the metric diag(tau_i w_i / v_i)
        map    rho^2 >= max_i (B v)_i / v_i  max_i (B^T w)_i / w_i,   B >= |A|,   in diag(w_i / v_i)

    where N v and N^T w leave out the diagonal. No eigenvalue is needed. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section AbsoluteValue.
Variables (R : realFieldType) (n : nat).
Implicit Types (v w p : 'rV[R]_n) (A B N W L K X : 'M[R]_n) (F : family R n).

Definition positive v := forall i, 0 < v 0 i.

(** (N v)_i / v_i + (N^T w)_i / w_i without the diagonal. *)
Definition load N v w i : R :=
  (\sum_(j | j != i) N i j * v 0 j) / v 0 i + (\sum_(j | j != i) N j i * w 0 j) / w 0 i.

Definition compared N X :=
  (forall i j, i != j -> `|X i j| <= N i j) /\ forall i, X i i <= N i i.

(** diag(tau_i w_i / v_i). *)
Definition scaling p v w : 'rV[R]_n := \row_i (w 0 i / v 0 i / p 0 i).

Lemma scaling_gt0 p v w : positive p -> positive v -> positive w -> positive (scaling p v w).
Proof. by move=> p0 v0 w0 i; rewrite mxE !divr_gt0. Qed.

(** What row i pays to j and j to i, each taken with its share: summed, it is the load. *)
Lemma load_sum N v w (x : 'I_n -> R) : positive v -> positive w ->
  \sum_i w 0 i / v 0 i * (\sum_(j | j != i)
      N i j * ((x i * (v 0 j / v 0 i) + x j * (v 0 i / v 0 j)) / 2%:R))
  = \sum_i w 0 i / v 0 i * x i * (load N v w i / 2%:R).
Proof.
move=> v0 w0; have vn i : v 0 i != 0 by rewrite gt_eqF.
have wn i : w 0 i != 0 by rewrite gt_eqF.
pose a i j := N i j * (w 0 i / v 0 i * x i * (v 0 j / v 0 i)) / 2%:R.
pose b i j := N i j * (w 0 i / v 0 j * x j) / 2%:R.
transitivity (\sum_i \sum_(j | j != i) a i j + \sum_i \sum_(j | j != i) b i j).
  rewrite -big_split /=; apply: eq_bigr => i _; rewrite mulr_sumr -big_split /=.
  by apply: eq_bigr => j _; rewrite /a /b; field; rewrite !vn.
rewrite [X in _ + X](exchange_big_dep xpredT) //= -big_split; apply: eq_bigr => i _ /=.
have -> : \sum_(i0 | i != i0) b i0 i = \sum_(j | j != i) b j i.
  by apply: eq_bigl => j; rewrite eq_sym.
rewrite /load.
have -> : \sum_(j | j != i) a i j
    = w 0 i / v 0 i * x i / v 0 i / 2%:R * \sum_(j | j != i) N i j * v 0 j.
  by rewrite mulr_sumr; apply: eq_bigr => j _; rewrite /a; field; rewrite vn.
have -> : \sum_(j | j != i) b j i = x i / v 0 i / 2%:R * \sum_(j | j != i) N j i * w 0 j.
  by rewrite mulr_sumr; apply: eq_bigr => j _; rewrite /b; field; rewrite vn.
by field; rewrite vn wn.
Qed.

(** The quadratic form of X is at most that of N_ii + load_i / 2. *)
Lemma comparison N X v w (e : 'cV_n) : positive v -> positive w -> compared N X ->
  \sum_i w 0 i / v 0 i * (e i 0 * (X *m e) i 0)
  <= \sum_i w 0 i / v 0 i * e i 0 ^+ 2 * (N i i + load N v w i / 2%:R).
Proof.
move=> v0 w0 [offd diag]; have P0 i j : 0 <= w 0 i / v 0 j by rewrite ltW // divr_gt0.
have -> : \sum_i w 0 i / v 0 i * e i 0 ^+ 2 * (N i i + load N v w i / 2%:R)
  = \sum_i w 0 i / v 0 i * (e i 0 ^+ 2 * N i i + \sum_(j | j != i)
      N i j * ((e i 0 ^+ 2 * (v 0 j / v 0 i) + e j 0 ^+ 2 * (v 0 i / v 0 j)) / 2%:R)).
  under eq_bigr => i _ do rewrite mulrDr; under [RHS]eq_bigr => i _ do rewrite mulrDr.
  rewrite !big_split /= (load_sum N (fun i => e i 0 ^+ 2) v0 w0).
  by congr (_ + _); apply: eq_bigr => i _; rewrite mulrA.
apply: ler_sum => i _; apply: ler_wpmul2l; first exact: P0.
rewrite mxE (bigD1 i) //= mulrDr ler_add //.
  by rewrite mulrCA -expr2 mulrC ler_wpmul2l ?sqr_ge0.
rewrite mulr_sumr; apply: ler_sum => j ji.
have N0 : 0 <= N i j by apply: le_trans (offd i j _); rewrite ?normr_ge0 // eq_sym.
apply: (@le_trans _ _ (N i j * (`|e i 0| * `|e j 0|))).
  rewrite mulrCA; apply: (le_trans (ler_norm _)).
  by rewrite !normrM ler_wpmul2r ?mulr_ge0 ?normr_ge0 ?offd // eq_sym.
by rewrite ler_wpmul2l // ler_pdivl_mulr ?ltr0n // mulrC weighted_product.
Qed.

Theorem absolute_value_flow p v w N F lam :
  positive p -> positive v -> positive w ->
  (forall A, F A -> compared N (A + 1%:M)) ->
  (forall i, lam <= p 0 i * (1 - N i i - load N v w i / 2%:R)) ->
  certifies (paced p F) (diag_mx (scaling p v w)) lam.
Proof.
move=> p0 v0 w0 bounded rate; split; first exact/diag_posdef/scaling_gt0.
move=> _ [A FA ->] e; set X := A + 1%:M.
have pn i : p 0 i != 0 by rewrite gt_eqF.
have vn i : v 0 i != 0 by rewrite gt_eqF.
have -> : bf (diag_mx (scaling p v w)) e (diag_mx p *m A *m e)
  = \sum_i w 0 i / v 0 i * (e i 0 * (X *m e) i 0) - \sum_i w 0 i / v 0 i * e i 0 ^+ 2.
  rewrite bf_diag -sumrB; apply: eq_bigr => i _.
  rewrite -mulmxA mul_diag_mx /X mulmxDl mul1mx !mxE.
  by move: (\sum_j _) => Aei; entries R; field; rewrite pn vn.
rewrite ler_subl_addr; apply: (le_trans (comparison e v0 w0 (bounded _ FA))).
rewrite qf_diag mulr_sumr -sumrN -big_split; apply: ler_sum => i _ /=.
rewrite -subr_ge0 mxE.
have -> : - (lam * (w 0 i / v 0 i / p 0 i * e i 0 ^+ 2)) + w 0 i / v 0 i * e i 0 ^+ 2
    - w 0 i / v 0 i * e i 0 ^+ 2 * (N i i + load N v w i / 2%:R)
  = w 0 i / v 0 i * e i 0 ^+ 2 * ((p 0 i * (1 - N i i - load N v w i / 2%:R) - lam) / p 0 i).
  by field; rewrite pn vn.
apply: mulr_ge0; first by rewrite mulr_ge0 ?sqr_ge0 // ltW // divr_gt0.
by apply: divr_ge0; [rewrite subr_ge0 | apply: ltW].
Qed.

(** Schur's test. *)
Theorem absolute_value_map v w B F rows columns rho :
  positive v -> positive w -> 0 <= rows ->
  (forall A, F A -> forall i j, `|A i j| <= B i j) ->
  (forall i, (\sum_j B i j * v 0 j) / v 0 i <= rows) ->
  (forall j, (\sum_i B i j * w 0 i) / w 0 j <= columns) ->
  rows * columns <= rho ^+ 2 ->
  contracts F (diag_mx (\row_i (w 0 i / v 0 i))) rho.
Proof.
move=> v0 w0 r0 bounded hr hc rho2; split.
  by apply: diag_posdef => i; rewrite mxE divr_gt0.
move=> A FA e.
have vn i : v 0 i != 0 by rewrite gt_eqF.
have wn i : w 0 i != 0 by rewrite gt_eqF.
have B0 i j : 0 <= B i j by apply: le_trans (bounded A FA i j); rewrite normr_ge0.
have row i : (A *m e) i 0 ^+ 2 <= rows * v 0 i * \sum_j B i j * (e j 0 ^+ 2 / v 0 j).
  pose u : 'cV[R]_n := \col_j (`|e j 0| / v 0 j).
  pose b : 'rV[R]_n := \row_j (B i j * v 0 j).
  have bs : nonneg (diag_mx b).
    by apply: diag_nonneg => j; rewrite mxE mulr_ge0 // ltW.
  have := cauchy_schwarz u (const_mx 1) (diag_symmetric b) bs.
  rewrite bf_diag !qf_diag.
  have -> : \sum_j b 0 j * (u j 0 * (const_mx 1 : 'cV_n) j 0) = \sum_j B i j * `|e j 0|.
    by apply: eq_bigr => j _; rewrite !mxE; entries R; field; rewrite vn.
  have -> : \sum_j b 0 j * u j 0 ^+ 2 = \sum_j B i j * (e j 0 ^+ 2 / v 0 j).
    by apply: eq_bigr => j _; rewrite !mxE expr_div_n real_normK ?num_real //; entries R; field; rewrite vn.
  have -> : \sum_j b 0 j * (const_mx 1 : 'cV_n) j 0 ^+ 2 = \sum_j B i j * v 0 j.
    by apply: eq_bigr => j _; rewrite !mxE; entries R; ring.
  move=> cs; apply: (@le_trans _ _ ((\sum_j B i j * `|e j 0|) ^+ 2)).
    rewrite -(real_normK (num_real _)) ler_sqr ?nnegrE ?normr_ge0 //; last first.
      by apply: sumr_ge0 => j _; rewrite mulr_ge0.
    rewrite mxE; apply: (le_trans (ler_norm_sum _ _ _)); apply: ler_sum => j _.
    by rewrite normrM ler_wpmul2r ?bounded.
  apply: (le_trans cs); rewrite mulrC ler_wpmul2r //; last by rewrite -ler_pdivr_mulr.
  by apply: sumr_ge0 => j _; rewrite mulr_ge0 // divr_ge0 ?sqr_ge0 // ltW.
rewrite !qf_diag.
apply: (@le_trans _ _ (\sum_i rows * \sum_j B i j * w 0 i * (e j 0 ^+ 2 / v 0 j))).
  apply: ler_sum => i _; rewrite mxE.
  apply: (le_trans (ler_wpmul2l _ (row i))); first by rewrite divr_ge0 ?ltW.
  rewrite le_eqVlt; apply/orP; left; apply/eqP.
  rewrite !mulr_sumr; apply: eq_bigr => j _; entries R; field; by rewrite !vn.
rewrite -mulr_sumr exchange_big /=.
apply: (@le_trans _ _ (rows * \sum_j columns * (w 0 j / v 0 j * e j 0 ^+ 2))).
  rewrite ler_wpmul2l //; apply: ler_sum => j _; rewrite -mulr_suml.
  have -> : columns * (w 0 j / v 0 j * e j 0 ^+ 2) = columns * w 0 j * (e j 0 ^+ 2 / v 0 j).
    by field; rewrite vn.
  by rewrite ler_wpmul2r ?divr_ge0 ?sqr_ge0 -?ler_pdivr_mulr ?hc // ltW.
rewrite -mulr_sumr mulrA; have -> : \sum_i (\row_i0 (w 0 i0 / v 0 i0)) 0 i * e i 0 ^+ 2
  = \sum_i w 0 i / v 0 i * e i 0 ^+ 2 by apply: eq_bigr => i _; rewrite mxE.
rewrite ler_wpmul2r //; apply: sumr_ge0 => i _.
by rewrite mulr_ge0 ?sqr_ge0 // divr_ge0 // ltW.
Qed.

(** ** Which N bounds a network *)

(** Form outside with couplings L and K: the affine family entry by entry. *)
Theorem compared_coupled l g l' g' W L K N A :
  (forall i j d d', i != j -> l <= d <= g -> l' <= d' <= g' ->
    `|L i j + d * W i j + d' * K i j| <= N i j) ->
  (forall i d d', l <= d <= g -> l' <= d' <= g' -> L i i + d * W i i + d' * K i i <= N i i) ->
  coupled l g W L l' g' K A -> compared N (A + 1%:M).
Proof.
move=> offd diag [d [d' [sd sd' ->]]].
have entry i j : (W *m diag_mx d + L + K *m diag_mx d' - 1%:M + 1%:M) i j
    = L i j + d 0 j * W i j + d' 0 j * K i j.
  by rewrite subrK !mul_mx_diag !mxE; entries R; ring.
by split=> [i j ij|i]; rewrite entry; [apply: offd | apply: diag].
Qed.

Theorem compared_outside l g W L N A :
  (forall i j d, i != j -> l <= d <= g -> `|L i j + d * W i j| <= N i j) ->
  (forall i d, l <= d <= g -> L i i + d * W i i <= N i i) ->
  outside l g W L A -> compared N (A + 1%:M).
Proof.
move=> offd diag [d sd ->].
have entry i j : (W *m diag_mx d + L - 1%:M + 1%:M) i j = L i j + d 0 j * W i j.
  by rewrite subrK mul_mx_diag !mxE; entries R; ring.
by split=> [i j ij|i]; rewrite entry; [apply: offd | apply: diag].
Qed.

Theorem compared_inside l g W L N A :
  (forall i j d, i != j -> l <= d <= g -> `|L i j + d * W i j| <= N i j) ->
  (forall i d, l <= d <= g -> L i i + d * W i i <= N i i) ->
  inside l g W L A -> compared N (A + 1%:M).
Proof.
move=> offd diag [d sd ->].
have entry i j : (diag_mx d *m W + L - 1%:M + 1%:M) i j = L i j + d 0 i * W i j.
  by rewrite subrK mul_diag_mx !mxE; entries R; ring.
by split=> [i j ij|i]; rewrite entry; [apply: offd | apply: diag].
Qed.

(** N = g |W| off the diagonal, g max(W_ii, 0) on it: Theorem 1's matrix. *)
Definition absolute g W : 'M[R]_n :=
  \matrix_(i, j) (g * (if i == j then Num.max (W i i) 0 else `|W i j|)).

Lemma absolute_off g W (i j : 'I_n) d :
  i != j -> 0 <= d <= g -> `|(0 : 'M_n) i j + d * W i j| <= absolute g W i j.
Proof.
move=> /negbTE ij /andP[d0 dg]; rewrite !mxE ij add0r normrM (ger0_norm d0).
by rewrite ler_wpmul2r.
Qed.

Lemma absolute_diag g W (i : 'I_n) d :
  0 <= d <= g -> (0 : 'M_n) i i + d * W i i <= absolute g W i i.
Proof.
move=> /andP[d0 dg]; rewrite !mxE eqxx add0r.
apply: (@le_trans _ _ (d * Num.max (W i i) 0)); first by rewrite ler_wpmul2l // le_maxr lexx.
by rewrite ler_wpmul2r // le_maxr lexx orbT.
Qed.

(** Theorem 1, both forms, the same metric. *)
Theorem theorem_1 g W p v w lam :
  positive p -> positive v -> positive w ->
  (forall i, lam <= p 0 i * (1 - absolute g W i i - load (absolute g W) v w i / 2%:R)) ->
  certifies (paced p (outside 0 g W 0)) (diag_mx (scaling p v w)) lam /\
  certifies (paced p (inside 0 g W 0)) (diag_mx (scaling p v w)) lam.
Proof.
move=> p0 v0 w0 rate.
by split; apply: absolute_value_flow rate => // A; [apply: compared_outside | apply: compared_inside];
  move=> *; rewrite ?absolute_off ?absolute_diag.
Qed.

End AbsoluteValue.
