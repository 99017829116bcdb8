(** Components coupled in any way, as a program (Swift: [BlockComparison]; theory 4): the theorems are those of
    [Interconnection]. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm Interconnection.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableSlopeLMI ExecutableRestriction ExecutableGauges
  ExecutableNorms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** ** Norms by sums of magnitudes *)

Definition row_max m n B v := largest (map (fun i => row_sum n B v i) (iota 0 m)).

(** |diag(left) X diag(right)|_inf |diag(left) X diag(right)|_1 for entries of X that are at most those of B. *)
Definition schur m n B left right :=
  qmul (row_max m n (mrows left B) right) (row_max n m (mtr n (mcols right B)) left).

(** root_i^2 >= d_i, and root_i^2 d_i >= 1. *)
Definition roots n d r :=
  all (fun i => qlt q0 (entry r i) && qle (entry d i) (qmul (entry r i) (entry r i))) (iota 0 n).
Definition inverse_roots n d r :=
  all (fun i => qlt q0 (entry r i) && qle q1 (qmul (qmul (entry r i) (entry r i)) (entry d i))) (iota 0 n).

Definition square q := qmul q q.

Section Schur.
Variable R : realFieldType.
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).

Lemma at_mx m n B (i : 'I_m) (j : 'I_n) : qr (at_ B i j) = mx m n B i j.
Proof. by rewrite mx_at. Qed.

Lemma row_max_ge m n B v (i : 'I_m) : qr (row_sum n B v i) <= qr (row_max m n B v).
Proof.
apply: largest_ge; have : (i : nat) \in iota 0 m by rewrite mem_iota add0n ltn_ord.
by elim: (iota 0 m) => //= j js IH; rewrite inE => /orP[/eqP->|/IH]; [left | right].
Qed.

Lemma row_max_ge0 m n B v : 0 <= qr (row_max m n B v).
Proof. exact: largest_ge0. Qed.

Lemma row_sum_rect m n B v (i : 'I_m) : qr (row_sum n B v i) = \sum_j mx m n B i j * rv n v 0 j.
Proof.
rewrite /ExecutableNumbers.qr /= zr_dot add0r zrMp mulr_suml; apply: eq_bigr => j _.
by rewrite mx_at rv_at /ExecutableNumbers.qr /= mulf_div.
Qed.

Variables (m n : nat) (B : matrix) (left right : vector).

Lemma schur_rows (a : 'I_m) :
  \sum_b rv m left 0 a * mx m n B a b * rv n right 0 b <= qr (row_max m n (mrows left B) right).
Proof.
apply: le_trans (row_max_ge n _ _ a); rewrite (row_sum_rect (m := m)) le_eqVlt; apply/orP; left; apply/eqP.
by apply: eq_bigr => b _; rewrite mx_rows mul_diag_mx mxE.
Qed.

Lemma schur_columns (b : 'I_n) :
  \sum_a rv m left 0 a * mx m n B a b * rv n right 0 b <= qr (row_max n m (mtr n (mcols right B)) left).
Proof.
apply: le_trans (row_max_ge m _ _ b); rewrite (row_sum_rect (m := n)) le_eqVlt; apply/orP; left; apply/eqP.
by apply: eq_bigr => a _; rewrite mxT mx_cols mxE mul_mx_diag mxE; entries R; ring.
Qed.

Lemma rootsP k d r : roots k d r -> positive (rv k r) /\ forall i, rv k d 0 i <= rv k r 0 i ^+ 2.
Proof.
move=> /allP h; split=> i; have := h i; rewrite mem_iota add0n ltn_ord !rv_at => /(_ isT)/andP[r0].
  by move=> _; apply: qr_positive.
by rewrite -(qr_le R) qrM expr2.
Qed.

Lemma inverse_rootsP k d r : inverse_roots k d r -> positive (rv k r) /\ forall i, (rv k r 0 i ^+ 2)^-1 <= rv k d 0 i.
Proof.
move=> /allP h.
have all_i (i : 'I_k) : qlt q0 (entry r i) && qle q1 (qmul (qmul (entry r i) (entry r i)) (entry d i)).
  by apply: h; rewrite mem_iota add0n ltn_ord.
split=> i; have /andP[r0] := all_i i; rewrite !rv_at; first by move=> _; apply: qr_positive.
rewrite -(qr_le R) !qrM qr1 => le; have rp := qr_positive R r0.
by rewrite -[X in X <= _]mul1r ler_pdivr_mulr ?exprn_gt0 // mulrC expr2.
Qed.

End Schur.

(** ** What the rule asks *)

(** A norm is claimed of what runs to one component from another, or of the residual of two of them. *)
Record assembly := Assembly { parts : seq (seq nat); columns : vector; rows : vector;
  gains_claimed : seq (nat * nat * quotient); residuals_claimed : seq (nat * nat * quotient) }.

Definition no_gauge := Gauge One One (Vector [::] 1) (Vector [::] 1) (Vector [::] 1).

Section Programs.
Variables (propose : proposer) (N : network) (a : assembly) (paces : vector).
Variables (gauges_ : seq gauge) (bounds_ : seq quotient) (ups downs floors : seq vector).
Local Notation p := (size (parts a)).
Local Notation v := (columns a).
Local Notation w := (rows a).
Local Notation G i := (nth no_gauge gauges_ i).
Local Notation s i := (size (part_ (parts a) i)).

Definition up_ i := nth (Vector [::] 1) ups i.
Definition down_ i := nth (Vector [::] 1) downs i.
Definition floor_ i := nth (Vector [::] 1) floors i.

Definition between_parts X i j := msub_ (part_ (parts a) i) (part_ (parts a) j) X.

(** theta_i = w_i / v_i. *)
Definition theta i := qmul (entry w i) (qinv (entry v i)).

Definition pairs_ (P : nat -> nat -> bool) := all (fun i => all (P i) (iota 0 p)) (iota 0 p).

Definition linear_part := mrows paces (centre N).
Definition slope_part := mrows paces (radius N).

(** Half of theta_i A_i C_ij B_j + theta_j B_i C_ji^T A_j. *)
Definition residual_block C i j :=
  let X := mul_left (s i) (s j) (numerator (G i)) (mul_right (s j) (between_parts C i j) (denominator (G j))) in
  let Z := mul_left (s i) (s j) (denominator (G i))
    (mul_right (s j) (mtr (s i) (between_parts C j i)) (numerator (G j))) in
  mscale qhalf (madd (mscale (theta i) X) (mscale (theta j) Z)).

Definition entry_gain B k i j := qle (schur (s i) (s j) (between_parts B i j) (up_ i) (down_ j)) (square k).

Definition gain_shown B k i j := (i == j) || entry_gain B (at_ k i j) i j.

Definition residual_below C r i j :=
  qle (schur (s i) (s j) (mabs (residual_block C i j)) (floor_ i) (floor_ j)) (square r) ||
  norm_shown propose (s i) (s j) (whole_metric (s i) (G i)) (residual_block C i j) (whole_metric (s j) (G j)) r.

Definition residual_shown C r i j := (j <= i)%N || residual_below C (at_ r i j) i j.

(** What the slopes of W, and those of K, add at most. *)
Definition slope_W := mrows paces (mscale (spread N) (weights N)).
Definition slope_K := mrows paces (mscale (spread' N) (nonlinear_matrix N)).

(** A slope commutes with a diagonal matrix: one below the metric it comes from, or above that it goes to. *)
Definition norm_gain SW SK k i j :=
  let V := between_parts SW i j in let K := between_parts SK i j in
  let X := if vanishes K then V else K in
  (vanishes V || vanishes K) && match side N with
  | Outside => norm_shown propose (s i) (s j) (whole_metric (s i) (G i)) (mul_left (s i) (s j) (numerator (G i)) X)
      (mdiag (lowest (G j))) k
  | Inside => [&& vanishes K, positives (s i) (highest (G i)), if denominator (G j) is One then true else false &
      norm_shown propose (s i) (s j) (mdiag (highest (G i))) (mrows (highest (G i)) X)
        (whole_factor (s j) (numerator (G j))) k]
  end.

Definition flow_gain_shown B k i j := gain_shown B k i j || norm_gain slope_W slope_K (at_ k i j) i j.

Definition roots_shown i := roots (s i) (highest (G i)) (up_ i) && inverse_roots (s i) (lowest (G i)) (down_ i).

(** r and k bound the residuals and the gains of all pairs. *)
Definition assembly_rate r k lam :=
  let C := linear_part in let B := slope_part in
  [&& positives p v, positives p w,
      all (fun i => roots_shown i && inverse_roots (s i) (floor (G i)) (floor_ i)) (iota 0 p),
      pairs_ (fun i j => [&& qle q0 (at_ r i j), qle q0 (at_ k i j) & qeq (at_ r i j) (at_ r j i)]),
      pairs_ (flow_gain_shown B k), pairs_ (residual_shown C r) &
      let kt := mtr p k in
      all (fun i => qle (qadd lam (qadd (qmul (row_sum p r v i) (qinv (entry w i)))
          (qmul qhalf (qadd (qmul (row_sum p k v i) (qinv (entry v i))) (qmul (row_sum p kt w i) (qinv (entry w i)))))))
        (nth q0 bounds_ i)) (iota 0 p)].

(** k bounds the whole couplings. *)
Definition assembly_factor k rho :=
  let kt := mtr p k in
  [&& positives p v, positives p w, all roots_shown (iota 0 p), pairs_ (fun i j => qle q0 (at_ k i j)),
      pairs_ (gain_shown (map_bound N paces) k) &
      qle (qmul
          (largest (map (fun i => qadd (nth q0 bounds_ i) (qmul (row_sum p k v i) (qinv (entry v i)))) (iota 0 p)))
          (largest (map (fun i => qadd (nth q0 bounds_ i) (qmul (row_sum p kt w i) (qinv (entry w i)))) (iota 0 p))))
        (square rho)].

End Programs.

Section Meaning.
Variables (R : realFieldType) (propose : proposer) (N : network) (a : assembly).
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).
Local Notation p := (size (parts a)).
Local Notation n := (units N).
Hypothesis ok : sensible N.
Hypothesis whole : partitions n (parts a).
Variable k0 : 'I_n.
Local Notation u := (@unit_ n k0 (parts a)).
Local Notation s := (@size_ (parts a)).
Local Notation block := (block (R := R) u).
Let uP := parts_components k0 whole.

Variables (gauges_ : seq gauge) (bounds_ : seq quotient) (ups downs floors : seq vector).
Local Notation G i := (nth no_gauge gauges_ i).
Variable M : forall i : 'I_p, 'M[R]_(s i).
Hypothesis measured : forall i : 'I_p, bounded (lowest (G i)) (highest (G i)) (M i).

Lemma all_parts P : all P (iota 0 p) -> forall i : 'I_p, P i.
Proof. by move=> /allP h i; apply: h; rewrite mem_iota add0n ltn_ord. Qed.

Lemma pairsP P : pairs_ a P -> forall i j : 'I_p, P i j.
Proof. by move=> /all_parts h i j; have /allP := h i; apply; rewrite mem_iota add0n ltn_ord. Qed.

Lemma weightsP (v : vector) : positives p v -> positive (rv p v).
Proof. by move=> /all_parts h i; rewrite rv_at; apply: qr_positive. Qed.

Let pM i : posdef (M i). Proof. by have [] := measured i. Qed.

Local Notation v := (rv p (columns a)).
Local Notation w := (rv p (rows a)).

(** ** Gains *)

Lemma lower_gain (i : 'I_p) d : inverse_roots (s i) (lowest (G i)) d ->
  forall y : 'cV[R]_(s i), \sum_c (rv (s i) d 0 c ^+ 2)^-1 * y c 0 ^+ 2 <= qf (M i) y.
Proof.
move=> /(@inverse_rootsP R)[_ h] y; have [_ lo _] := measured i.
by apply: le_trans (lo y); rewrite qf_diag; apply: ler_sum => c _; apply: ler_wpmul2r; rewrite ?sqr_ge0.
Qed.

Lemma upper_gain (i : 'I_p) d : roots (s i) (highest (G i)) d ->
  forall y : 'cV[R]_(s i), qf (M i) y <= \sum_c rv (s i) d 0 c ^+ 2 * y c 0 ^+ 2.
Proof.
move=> /(@rootsP R)[_ h] y; have [_ _ up] := measured i.
by apply: (le_trans (up y)); rewrite qf_diag; apply: ler_sum => c _; apply: ler_wpmul2r; rewrite ?sqr_ge0.
Qed.

Lemma entry_gainP (F : family R n) (C : 'M[R]_n) (B : matrix) k (i j : 'I_p) :
  roots_shown a gauges_ ups downs i -> roots_shown a gauges_ ups downs j -> entry_gain a ups downs B k i j ->
  (forall A, F A -> forall b c, `|A b c - C b c| <= mx n n B b c) ->
  forall A, F A -> forall y,
    qf (M i) ((block i j A - block i j C) *m y) <= qr k ^+ 2 * qf (M j) y.
Proof.
move=> /andP[ri _] /andP[_ rj]; rewrite /entry_gain -(qr_le R) !qrM -expr2 => le bound.
have [l0 _] := @rootsP R _ _ _ ri; have [r0 _] := @inverse_rootsP R _ _ _ rj.
apply: (@gain_of_entries R n p s u M pM F C i j (mx (s i) (s j) (between_parts a B i j)) (rv (s i) (up_ ups i))
  (rv (s j) (down_ downs j)) _ _ _ l0 r0 _ _ (upper_gain ri) (lower_gain rj) _ _ _ le).
- exact: row_max_ge0.
- exact: row_max_ge0.
- by move=> A FA b c; rewrite (mx_msub k0 whole) blockE; apply: bound.
- exact: schur_rows.
- exact: schur_columns.
Qed.

Lemma gainP (F : family R n) (C : 'M[R]_n) (B : matrix) k (i j : 'I_p) :
  roots_shown a gauges_ ups downs i -> roots_shown a gauges_ ups downs j -> i != j ->
  gain_shown a ups downs B k i j ->
  (forall A, F A -> forall b c, `|A b c - C b c| <= mx n n B b c) ->
  forall A, F A -> forall y,
    qf (M i) ((block i j A - block i j C) *m y) <= mx p p k i j ^+ 2 * qf (M j) y.
Proof.
move=> ri rj ij; have ij' : (i == j :> nat) = false by apply/negbTE.
by rewrite /gain_shown ij' /= -at_mx; apply: entry_gainP.
Qed.

(** The sums over the others are below those over all. *)
Lemma others_le (k : 'M[R]_p) (x : 'rV[R]_p) i : (forall i j, 0 <= k i j) -> positive x ->
  \sum_(j | j != i) k i j * x 0 j <= \sum_j k i j * x 0 j.
Proof. by move=> k0' x0; rewrite [X in _ <= X](bigD1 i) //= ler_addr mulr_ge0 // ltW. Qed.

(** ** The flow *)

Section Flow.
Hypothesis known : forall i : 'I_p, gauges (G i) (M i).
(** What the slopes make of the blocks SW and SK. *)
Definition slopes_of (SW SK : 'M[R]_n) (i j : 'I_p) (X : 'M[R]_(s i, s j)) : Prop := match side N with
  | Outside => exists d d' : 'rV[R]_(s j), [/\ forall b, `|d 0 b| <= 1, forall b, `|d' 0 b| <= 1 &
      X = block i j SW *m diag_mx d + block i j SK *m diag_mx d']
  | Inside => exists2 d : 'rV[R]_(s i), (forall b, `|d 0 b| <= 1) & X = diag_mx d *m block i j SW
  end.

Lemma norm_gainP SW SK k (i j : 'I_p) (Y : 'M[R]_(s i, s j)) :
  inverse_roots (s j) (lowest (G j)) (down_ downs j) -> norm_gain propose N a gauges_ SW SK k i j ->
  slopes_of (mx n n SW) (mx n n SK) Y -> forall y, qf (M i) (Y *m y) <= qr k ^+ 2 * qf (M j) y.
Proof.
move=> /(@inverse_rootsP R)[dj lj]; rewrite /norm_gain /slopes_of.
set V := between_parts _ _ _ _; set K := between_parts _ _ _ _; set X := if _ then _ else _.
case/andP=> one shown YE y; have VE : mx (s i) (s j) V = block i j (mx n n SW) by apply: (mx_msub k0 whole).
have KE : mx (s i) (s j) K = block i j (mx n n SK) by apply: (mx_msub k0 whole).
have [_ si ui _] := known i; have [[_ lo _] sj uj _] := known j; have [_ _ hi] := measured i.
have lo0 b : 0 <= rv (s j) (lowest (G j)) 0 b.
  by apply: le_trans (lj b); rewrite invr_ge0 sqr_ge0.
case: (side N) shown YE => shown; last first.
  case=> d d1 ->.
  case/and4P: shown => zK hp; case: (denominator (G j)) sj => // sj _ shown.
  have hi_ b : 0 < rv (s i) (highest (G i)) 0 b by rewrite rv_at; apply: qr_positive; apply: (allP hp);
    rewrite mem_iota add0n ltn_ord.
  have MjE : mx (s j) (s j) (whole_factor (s j) (numerator (G j))) = M j.
    by rewrite whole_factorE; case: sj => _ _ /= <- _; rewrite mul1mx.
  have XE : mx (s i) (s j) X = block i j (mx n n SW) by rewrite /X zK VE.
  have gain : forall z, qf (diag_mx (rv (s i) (highest (G i)))) (block i j (mx n n SW) *m z) <= qr k ^+ 2 * qf (M j) z.
    apply: (gain_known (diag_posdef hi_) (posdef_nonneg (pM j)) (sqr_ge0 _)).
    rewrite -XE -mx_rows -mx_diag -MjE; apply: norm_shownP shown.
      by rewrite mx_diag; apply: diag_symmetric.
    by rewrite MjE; apply: posdef_symmetric (pM j).
  by have := slopes_on_rows (fun b => ltW (hi_ b)) d1 hi gain y; rewrite expr1n mulr1.
case=> d [d' [h h' ->]].
have [c c1 ->] : exists2 c : 'rV[R]_(s j), (forall b, `|c 0 b| <= 1) &
    block i j (mx n n SW) *m diag_mx d + block i j (mx n n SK) *m diag_mx d' = mx (s i) (s j) X *m diag_mx c.
  rewrite /X -VE -KE; case: ifP one => [/(@vanishesP R (s i) (s j)) ->|_].
    by move=> _; exists d; rewrite ?mul0mx ?addr0.
  rewrite orbF => /(@vanishesP R (s i) (s j)) ->.
  by exists d'; rewrite ?mul0mx ?add0r.
have gain : forall z, qf (M i) (mx (s i) (s j) X *m z) <= qr k ^+ 2 * qf (diag_mx (rv (s j) (lowest (G j)))) z.
  apply: (gain_split si ui (pM i) (diag_nonneg lo0) (sqr_ge0 _)).
  rewrite -whole_metricE -mx_diag -mul_leftE; apply: norm_shownP shown.
    by rewrite whole_metricE; apply: metric_product_symmetric si (posdef_symmetric (pM i)).
  by rewrite mx_diag; apply: diag_symmetric.
by have := slopes_on_columns (sqr_ge0 _) lo0 c1 lo gain y; rewrite expr1n mulr1.
Qed.

Variables (paces : vector) (lam : quotient).
Hypothesis pacesE : rv n paces = pace R N.

Lemma flow_entries A : flow R N A -> forall b c,
  `|A b c - mx n n (linear_part N paces) b c| <= mx n n (slope_part N paces) b c.
Proof.
move=> [B lin ->] b c; have h := linear_bound ok lin b c; have p0 := pace_gt0 R ok b.
rewrite /linear_part /slope_part !mx_rows !mul_diag_mx -pacesE in p0 *.
rewrite !mxE -mulrBr normrM gtr0_norm // ler_pmul2l //.
Qed.

Lemma thetaE (i : 'I_p) : positive v -> qr (theta a i) = w 0 i / v 0 i.
Proof. by move=> v0; rewrite /theta qrM !rv_at qr_inv //; have := v0 i; rewrite rv_at. Qed.

Lemma floor_couples (i : 'I_p) d : inverse_roots (s i) (floor (G i)) d ->
  forall x : 'cV[R]_(s i), qf (diag_mx (\row_c (rv (s i) d 0 c ^+ 2)^-1)) x
    <= qf (fx R (s i) (numerator (G i)) *m fx R (s i) (denominator (G i))) x.
Proof.
move=> /(@inverse_rootsP R)[_ h] x; have [_ _ _ lo] := known i.
apply: le_trans (lo x); rewrite !qf_diag; apply: ler_sum => c _; rewrite mxE.
by apply: ler_wpmul2r; rewrite ?sqr_ge0.
Qed.

Lemma residualP C r (i j : 'I_p) : positive v ->
  inverse_roots (s i) (floor (G i)) (floor_ floors i) -> inverse_roots (s j) (floor (G j)) (floor_ floors j) ->
  residual_below propose a gauges_ floors C r i j ->
  couples (M i) (M j) (qr r ^+ 2) (skewness u M v w (mx n n C) i j).
Proof.
move=> v0 fi fj shown.
have [_ si ui _] := known i; have [_ sj uj _] := known j.
have sMj := posdef_symmetric (pM j).
rewrite /skewness.
have -> : 2%:R^-1 *: (w 0 i / v 0 i *: (M i *m block i j (mx n n C))
      + w 0 j / v 0 j *: ((block j i (mx n n C))^T *m M j))
    = M i *m (2%:R^-1 *: (w 0 i / v 0 i *: block i j (mx n n C)))
      + (2%:R^-1 *: (w 0 j / v 0 j *: (block j i (mx n n C))^T)) *m M j.
  by rewrite scalerDr -!scalemxAr -!scalemxAl.
apply: (residual_split sMj si ui sj uj).
set Y := _ + _; have YE : Y = mx (s i) (s j) (residual_block a gauges_ C i j).
  rewrite /residual_block mxZ mxD !mxZ !mul_leftE !mul_rightE mxT !(mx_msub k0 whole) !thetaE // qr_half.
  by rewrite /Y scalerDr -!scalemxAr -!scalemxAl !mulmxA.
have [l0 _] := @inverse_rootsP R _ _ _ fi; have [r0 _] := @inverse_rootsP R _ _ _ fj.
set B := residual_block _ _ _ _ _ in YE shown.
have symmetric_ (l : 'I_p) : symmetric (mx (s l) (s l) (whole_metric (s l) (G l))).
  by rewrite whole_metricE; have [_ sl _ _] := known l; apply: metric_product_symmetric sl (posdef_symmetric (pM l)).
case/orP: shown => [|/(norm_shownP (symmetric_ i) (symmetric_ j))]; last by rewrite !whole_metricE YE.
rewrite -(qr_le R) !qrM -expr2 => le.
have magnitudes b c : `|Y b c| = mx (s i) (s j) (mabs B) b c by rewrite YE mx_abs.
have hr b : \sum_c rv (s i) (floor_ floors i) 0 b * `|Y b c| * rv (s j) (floor_ floors j) 0 c
    <= qr (row_max (s i) (s j) (mrows (floor_ floors i) (mabs B)) (floor_ floors j)).
  by apply: le_trans (@schur_rows R (s i) (s j) (mabs B) (floor_ floors i) (floor_ floors j) b); apply: ler_sum => c _;
    rewrite magnitudes.
have hc c : \sum_b rv (s i) (floor_ floors i) 0 b * `|Y b c| * rv (s j) (floor_ floors j) 0 c
    <= qr (row_max (s j) (s i) (mtr (s j) (mcols (floor_ floors j) (mabs B))) (floor_ floors i)).
  by apply: le_trans (@schur_columns R (s i) (s j) (mabs B) (floor_ floors i) (floor_ floors j) c);
    apply: ler_sum => b _; rewrite magnitudes.
have h := sums_of_magnitudes l0 r0 hr hc.
have c0 : couples (diag_mx (\row_c (rv (s i) (floor_ floors i) 0 c ^+ 2)^-1))
  (diag_mx (\row_c (rv (s j) (floor_ floors j) 0 c ^+ 2)^-1)) (qr r ^+ 2) Y.
  by apply: couples_le le h; apply: diag_nonneg => c; rewrite mxE invr_ge0 sqr_ge0.
move=> x y; apply: (le_trans (c0 x y)); apply: ler_wpmul2l; first exact: sqr_ge0.
by apply: ler_pmul; [ | | exact: floor_couples fi x | exact: floor_couples fj y];
  apply: diag_nonneg => c; rewrite mxE invr_ge0 sqr_ge0.
Qed.

(** ** Norms claimed *)

Lemma scale_small m (d : 'rV[R]_m) h : (forall b, `|d 0 b| <= h) ->
  exists2 d1 : 'rV[R]_m, (forall b, `|d1 0 b| <= 1) & d = h *: d1.
Proof.
move=> dh; case: (eqVneq h 0) => [h0|hn].
  exists 0 => [b|]; first by rewrite mxE normr0 ler01.
  by apply/rowP => b; rewrite scaler0 mxE; apply/eqP; rewrite -normr_le0 -h0.
exists (h^-1 *: d) => [b|]; last by rewrite scalerA divff // scale1r.
have hp : 0 < h by rewrite lt_neqAle eq_sym hn; apply: le_trans (normr_ge0 _) (dh b).
by rewrite mxE normrM gtr0_norm ?invr_gt0 // mulrC ler_pdivr_mulr // mul1r.
Qed.

Lemma around_middle l g (d : 'rV[R]_n) : slopes (qr l) (qr g) d ->
  exists2 d1 : 'rV[R]_n, (forall b, `|d1 0 b| <= 1) &
    d = const_mx (qr (qmul qhalf (qadd l g))) + qr (qmul qhalf (qsub g l)) *: d1.
Proof.
move=> sd; pose e := d - const_mx (qr (qmul qhalf (qadd l g))).
have [|d1 h1 eE] := @scale_small n e (qr (qmul qhalf (qsub g l))).
  move=> b; rewrite !mxE; have := from_middle 1 (sd b); rewrite normr1 !mulr1 !qrM qr_half qrD qrB; exact.
by exists d1 => //; rewrite -eE /e addrC subrK.
Qed.

Local Notation SW := (mx n n (slope_W N paces)).
Local Notation SK := (mx n n (slope_K N paces)).

Lemma slopes_between (i j : 'I_p) A : i != j -> flow R N A ->
  slopes_of SW SK (block i j A - block i j (mx n n (linear_part N paces))).
Proof.
move=> ij [B lin ->]; have noK : if side N is Inside then K_ R N = 0 else True.
  have /andP[_ /and5P[_ _ _ _]] := ok; rewrite /K_ /nonlinear_matrix; case: (side N) => //.
  by case: (nonlinear N) => // _; apply: mx_zero.
move: lin; rewrite /linear.
have parts_ X : block i j (diag_mx (pace R N) *m X) - block i j (mx n n (linear_part N paces))
    = block i j (diag_mx (pace R N) *m (X - mx n n (centre N))).
  by rewrite /linear_part mx_rows pacesE -blockN -blockD -mulmxBr.
rewrite /slopes_of parts_ centreE /slope_W /slope_K !mx_rows !mxZ pacesE.
rewrite -/(W_ R N) -/(K_ R N); move: (W_ R N) (L_ R N) (K_ R N) noK => W L K.
case: (side N) => noK =>
  [[d [d' [/around_middle[d1 h1 ->] /around_middle[d2 h2 ->] ->]]]|[d /around_middle[d1 h1 ->] ->]].
  exists (row_piece u j d1), (row_piece u j d2); split=> [b|b|]; rewrite ?mxE // -!block_diagr -blockD;
    congr (Components.block u i j _).
  rewrite -!mulmxA -mulmxDr; congr (_ *m _); apply/matrixP => b c.
  rewrite !(mul_mx_diag, mul_diag_mx) !mxE /middle /spread /middle' /spread'; entries R; ring.
exists (row_piece u i d1) => [b|]; first by rewrite mxE.
rewrite -!block_diagl; congr (Components.block u i j _); apply/matrixP => b c.
rewrite noK !(mul_mx_diag, mul_diag_mx) !mxE /middle /spread; entries R; ring.
Qed.

Hypothesis alone : forall i : 'I_p, certifies (flow R (restrict (part_ (parts a) i) N)) (M i) (qr (nth q0 bounds_ i)).

Theorem assembly_rateP r k : assembly_rate propose N a paces gauges_ bounds_ ups downs floors r k lam ->
  certifies (flow R N) (blocks u M v w) (qr lam).
Proof.
case/and5P=> /weightsP v0 /weightsP w0 /all_parts shown /pairsP positive_
  /and3P[/pairsP gains /pairsP residuals /all_parts rate].
have rk (i j : 'I_p) : [/\ 0 <= mx p p r i j, 0 <= mx p p k i j & mx p p r i j = mx p p r j i].
  by have /and3P[/(qr_nonneg R) + /(qr_nonneg R) + /(@qeqP R)] := positive_ i j; rewrite !at_mx.
have roots_ (i : 'I_p) : roots_shown a gauges_ ups downs i by have /andP[] := shown i.
have floors_ (i : 'I_p) : inverse_roots (s i) (floor (G i)) (floor_ floors i) by have /andP[] := shown i.
apply: (@interconnection_flow R n p s u uP M pM v w v0 w0 (flow R N)
  (mx n n (linear_part N paces)) (mx p p r) (mx p p k)
  (fun i => qr (nth q0 bounds_ i))).
- by move=> i j; have [] := rk i j.
- by move=> i j; have [] := rk i j.
- by move=> i j; have [] := rk i j.
- apply: (alone_flow (G := fun i => flow R (restrict (part_ (parts a) i) N))) => [i A|i].
    exact: flow_restrict.
  by have [] := alone i.
- move=> i j ij; rewrite -at_mx; apply: residualP => //.
  by have := residuals i j; rewrite /residual_shown leqNgt ij.
- move=> A FA i j ij; case/orP: (gains i j) => [g|].
    exact: (gainP (roots_ i) (roots_ j) ij g flow_entries FA).
  rewrite -at_mx => g; by apply: norm_gainP g (slopes_between ij FA); have /andP[] := roots_ j.
move=> i; have := rate i; rewrite -(qr_le R) !(qrD, qrM) qr_half.
have -> : qr (qinv (entry (columns a) i)) = (v 0 i)^-1 by rewrite qr_inv -rv_at.
have -> : qr (qinv (entry (rows a) i)) = (w 0 i)^-1 by rewrite qr_inv -rv_at.
rewrite !(@row_sum_rect R p p) => le; rewrite /load.
have hr := @others_le (mx p p r) v i (fun i j => let: And3 h _ _ := rk i j in h) v0.
have hk := @others_le (mx p p k) v i (fun i j => let: And3 _ h _ := rk i j in h) v0.
have ht := @others_le (mx p p k)^T w i _ w0.
have {}ht : \sum_(j | j != i) mx p p k j i * w 0 j <= \sum_j mx p p (mtr p k) i j * w 0 j.
  rewrite mxT; apply: le_trans (ht _) => [|x y]; last by rewrite mxE; have [] := rk y x.
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => j _; rewrite mxE.
have vi : 0 <= (v 0 i)^-1 by rewrite invr_ge0 ltW.
have wi : 0 <= (w 0 i)^-1 by rewrite invr_ge0 ltW.
rewrite -subr_ge0 in le; rewrite -subr_ge0 in hr; rewrite -subr_ge0 in hk; rewrite -subr_ge0 in ht.
have {}hr := mulr_ge0 hr wi; have {}hk := mulr_ge0 hk vi; have {}ht := mulr_ge0 ht wi.
have half := divr_ge0 (addr_ge0 hk ht) (ler0n R 2).
apply: (le_by _ (addr_ge0 le (addr_ge0 hr half))).
by move: (\sum_(j | _) _) (\sum_(j | _) _) (\sum_(j | _) _) (\sum_j _) (\sum_j _) (\sum_j _) (v 0 i)^-1 (w 0 i)^-1 => *;
  field.
Qed.

End Flow.

(** ** A step of the map *)

Section Run.
Variables (steps : vector) (rho : quotient).
Hypothesis hs : has_steps N steps.
Hypothesis alone : forall i : 'I_p,
  run_by R (restrict (part_ (parts a) i) N) (M i) (nth q0 bounds_ i).

Theorem assembly_factorP k : assembly_factor N a steps gauges_ bounds_ ups downs k rho ->
  contracts (run R N) (blocks u M v w) (qr rho).
Proof.
case/and5P=> /weightsP v0 /weightsP w0 /all_parts roots_ /pairsP positive_ /andP[/pairsP gains].
set row := largest _; set column := largest _; rewrite -(qr_le R) !qrM -expr2 => le.
have k0' (i j : 'I_p) : 0 <= mx p p k i j by rewrite -at_mx; apply: qr_nonneg; apply: positive_.
have vE (i : 'I_p) : qr (qinv (entry (columns a) i)) = (v 0 i)^-1 by rewrite qr_inv -rv_at.
have wE (i : 'I_p) : qr (qinv (entry (rows a) i)) = (w 0 i)^-1 by rewrite qr_inv -rv_at.
have ge (f : nat -> quotient) (i : 'I_p) : qr (f i) <= qr (largest (map f (iota 0 p))).
  apply: largest_ge; have : (i : nat) \in iota 0 p by rewrite mem_iota add0n ltn_ord.
  by elim: (iota 0 p) => //= j js IH; rewrite inE => /orP[/eqP->|/IH]; [left | right].
have block0 (i j : 'I_p) : block i j 0 = 0 by rewrite /Components.block mulmx0 mul0mx.
apply: (@interconnection_map R n p s u uP M pM v w v0 w0 (run R N) (mx p p k) (fun i => qr (nth q0 bounds_ i))
  (qr row) (qr column)) => //.
- by move=> i; have [/andP[]] := alone i.
- exact: largest_ge0.
- apply: (alone_map (G := fun i => run R (restrict (part_ (parts a) i) N))) => [i A|i].
    exact: run_restrict.
  by have [_ []] := alone i.
- move=> A FA i j ij y; rewrite -[block i j A]subr0 -(block0 i j).
  apply: (gainP (F := run R N) (roots_ i) (roots_ j) ij (gains i j) _ FA) => A' RA b c.
  by rewrite mxE subr0; apply: run_bound.
- move=> i; apply: le_trans (ge _ i); rewrite qrD qrM vE (@row_sum_rect R p p) ler_add2l.
  by apply: ler_wpmul2r; [rewrite invr_ge0 ltW | apply: others_le].
move=> j; apply: le_trans (ge _ j); rewrite qrD qrM wE (@row_sum_rect R p p) ler_add2l mxT.
apply: ler_wpmul2r; first by rewrite invr_ge0 ltW.
apply: le_trans (@others_le (mx p p k)^T w j _ w0); last by move=> x y; rewrite mxE.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => i _; rewrite mxE.
Qed.

End Run.
End Meaning.
