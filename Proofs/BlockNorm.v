(** How strongly one component can drive another, each measured in its own metric (Swift: [BlockNorm], [PairLoad],
    [ModuleMetric]; theory 4 and 8): a claimed norm, by one matrix that is positive semidefinite, and sums of
    magnitudes. Blocks are rectangular; no square root of a metric is needed. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma dot_trmx (R : realFieldType) m n (A : 'M[R]_(m, n)) x y : dot (A *m x) y = dot x (A^T *m y).
Proof. by rewrite !dotE trmx_mul mulmxA. Qed.

Section BlockNorm.
Variables (R : realFieldType) (m n : nat).
Implicit Types (U M K A B : 'M[R]_m) (V : 'M[R]_n) (X Y : 'M[R]_(m, n)).

(** |U^-1/2 Y V^-1/2| <= sqrt c, without roots. *)
Definition couples U V (c : R) Y := forall x y, dot x (Y *m y) ^+ 2 <= c * (qf U x * qf V y).

Lemma bf_blocks2 U Y V x y x' y' :
  bf (block_mx U Y Y^T V) (col_mx x y) (col_mx x' y')
  = bf U x x' + dot x (Y *m y') + dot x' (Y *m y) + bf V y y'.
Proof.
rewrite !bfE tr_col_mx mul_row_block mul_row_col !mulmxDl mxE [in X in X + _]mxE [in X in _ + X]mxE.
have -> : (y^T *m Y^T *m x') 0 0 = dot x' (Y *m y).
  by rewrite dotC dotE trmx_mul.
by rewrite !dotE !mulmxA; entries R; ring.
Qed.

(** A norm claimed: [[s U, Y], [Y^T, t V]] psd gives |U^-1/2 Y V^-1/2|^2 <= s t. *)
Theorem claimed_norm U V Y s t : symmetric U -> symmetric V ->
  nonneg (block_mx (s *: U) Y Y^T (t *: V)) -> couples U V (s * t) Y.
Proof.
move=> sU sV psd x y.
have sB : symmetric (block_mx (s *: U) Y Y^T (t *: V)).
  by rewrite /symmetric tr_block_mx trmxK !linearZ /= sU sV.
have := cauchy_schwarz (col_mx x 0) (col_mx 0 y) sB psd.
have dot0 k (z : 'cV[R]_k) : dot z 0 = 0 by rewrite dotE mulmx0 mxE.
rewrite /qf !bf_blocks2 !mulmx0 !bfMZ !bf0r !bf0l !dot0 !(dotC 0) !dot0 !mulr0 !addr0 !add0r => h.
by apply: (le_trans h); rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

Lemma couples_le U V c c' Y : nonneg U -> nonneg V -> c <= c' -> couples U V c Y -> couples U V c' Y.
Proof. by move=> pU pV cc h x y; apply: (le_trans (h x y)); rewrite ler_wpmul2r // mulr_ge0. Qed.

(** A bilinear bound is one on images, in the inverse of U. *)
Theorem image_bound U V Y c : posdef U -> nonneg V -> 0 <= c -> couples U V c Y ->
  forall y, qf (invmx U) (Y *m y) <= c * qf V y.
Proof.
move=> pU pV c0 h y; set z := Y *m y; have uU := posdef_unit pU.
set t := qf (invmx U) z.
have t0 : 0 <= t by apply: posdef_nonneg; apply: posdef_inv.
have dt : dot (invmx U *m z) z = t by rewrite dotC.
have qt : qf U (invmx U *m z) = t by rewrite -dt /qf /bf mulKVmx // dotC dt.
have := h (invmx U *m z) y; rewrite -/z dt qt.
case: (eqVneq t 0) => [-> _|tn]; first by rewrite mulr_ge0.
by rewrite expr2 mulrCA ler_pmul2l // lt_neqAle eq_sym tn.
Qed.

(** The metric M of the driven component, known itself or by its inverse. *)
Corollary gain_known M V X c : posdef M -> nonneg V -> 0 <= c -> couples M V c (M *m X) ->
  forall y, qf M (X *m y) <= c * qf V y.
Proof.
move=> pM pV c0 h y; apply: le_trans (image_bound pM pV c0 h y).
by rewrite -mulmxA /qf /bf mulKmx ?posdef_unit // dotC.
Qed.

Corollary gain_inverse K V X c : posdef K -> nonneg V -> 0 <= c -> couples K V c X ->
  forall y, qf (invmx K) (X *m y) <= c * qf V y.
Proof. exact: image_bound. Qed.

(** Part by part the one or the other: M = B^-1 A with K = A B. *)
Definition split_metric k (M K A B : 'M[R]_k) :=
  [/\ symmetric A, symmetric B, B *m M = A & A *m B = K].

Corollary gain_split M K A B V X c : split_metric M K A B -> B \in unitmx -> posdef M -> nonneg V -> 0 <= c ->
  couples K V c (A *m X) -> forall y, qf M (X *m y) <= c * qf V y.
Proof.
move=> [_ sB BM AB] uB pM pV c0 h.
apply: (gain_known pM pV c0) => x y; have := h (invmx B *m x) y.
have sI : symmetric (invmx B) by rewrite /symmetric trmx_inv sB.
have MA : M = invmx B *m A by rewrite -BM mulKmx.
have -> : dot (invmx B *m x) (A *m X *m y) = dot x (M *m X *m y).
  by rewrite dot_adjoint sI MA !mulmxA.
suff -> : qf K (invmx B *m x) = qf M x by [].
by rewrite /qf /bf dot_adjoint sI -AB MA !mulmxA mulmxK.
Qed.

(** ** Sums of magnitudes *)

Lemma two_products (x y : R) : - (x ^+ 2 + y ^+ 2) <= 2%:R * (x * y).
Proof. by apply: (le_by (s := (x + y) ^+ 2)); [ring | apply: sqr_ge0]. Qed.

(** With diag(left) |Y| diag(right) of row sums and column sums at most rows and columns:
    |x^T Y y|^2 <= rows columns |x / left|^2 |y / right|^2 (Schur's test). *)
Theorem sums_of_magnitudes Y (left : 'rV[R]_m) (right : 'rV[R]_n) rows columns :
  (forall a, 0 < left 0 a) -> (forall b, 0 < right 0 b) ->
  (forall a, \sum_b left 0 a * `|Y a b| * right 0 b <= rows) ->
  (forall b, \sum_a left 0 a * `|Y a b| * right 0 b <= columns) ->
  couples (diag_mx (\row_a (left 0 a ^+ 2)^-1)) (diag_mx (\row_b (right 0 b ^+ 2)^-1)) (rows * columns) Y.
Proof.
move=> l0 r0 hr hc; apply: claimed_norm; try exact: diag_symmetric.
move=> z; rewrite -[z]vsubmxK; move: (usubmx z) (dsubmx z) => x y.
rewrite /qf bf_blocks2 !bfMZ -!/(qf _ _) !qf_diag.
have rown a : left 0 a != 0 by rewrite gt_eqF.
have rn b : right 0 b != 0 by rewrite gt_eqF.
pose N a b := left 0 a * `|Y a b| * right 0 b.
pose f a := x a 0 / left 0 a; pose h b := y b 0 / right 0 b.
have cross : - (\sum_a \sum_b N a b * f a ^+ 2 + \sum_a \sum_b N a b * h b ^+ 2) <= 2%:R * dot x (Y *m y).
  rewrite -big_split -sumrN mulr_sumr /=; apply: ler_sum => a _.
  rewrite -big_split -sumrN mxE !mulr_sumr /=; apply: ler_sum => b _; entries R.
  have -> : 2%:R * (x a 0 * (Y a b * y b 0)) = 2%:R * (Y a b * left 0 a * right 0 b * (f a * h b)).
    by rewrite /f /h; field; rewrite rown rn.
  have c0 : 0 <= left 0 a * right 0 b by rewrite mulr_ge0 // ltW.
  rewrite /N; case: (ler0P (Y a b)) => hY.
    have -> : 2%:R * (Y a b * left 0 a * right 0 b * (f a * h b))
      = left 0 a * - Y a b * right 0 b * - (2%:R * (f a * h b)) by ring.
    rewrite -mulrDr -mulrN; apply: ler_wpmul2l.
      by rewrite mulrAC mulr_ge0 // oppr_ge0.
    by rewrite ler_opp2; have := two_products (f a) (- h b); rewrite mulrN mulrN sqrrN ler_opp2.
  rewrite -mulrDr -mulrN; have -> : 2%:R * (Y a b * left 0 a * right 0 b * (f a * h b))
      = left 0 a * Y a b * right 0 b * (2%:R * (f a * h b)) by ring.
  by apply: ler_wpmul2l (two_products _ _); rewrite mulrAC mulr_ge0 // ltW.
have byrows : \sum_a \sum_b N a b * f a ^+ 2 <= rows * \sum_a (\row_a (left 0 a ^+ 2)^-1) 0 a * x a 0 ^+ 2.
  rewrite mulr_sumr; apply: ler_sum => a _; rewrite -mulr_suml mxE.
  have -> : (left 0 a ^+ 2)^-1 * x a 0 ^+ 2 = f a ^+ 2 by rewrite /f exprMn exprVn mulrC.
  by apply: ler_wpmul2r (hr a); apply: sqr_ge0.
have bycolumns : \sum_a \sum_b N a b * h b ^+ 2
    <= columns * \sum_b (\row_b (right 0 b ^+ 2)^-1) 0 b * y b 0 ^+ 2.
  rewrite exchange_big mulr_sumr; apply: ler_sum => b _; rewrite -mulr_suml mxE.
  have -> : (right 0 b ^+ 2)^-1 * y b 0 ^+ 2 = h b ^+ 2 by rewrite /h exprMn exprVn mulrC.
  by apply: ler_wpmul2r (hc b); apply: sqr_ge0.
rewrite -subr_ge0 in cross; rewrite -subr_ge0 in byrows; rewrite -subr_ge0 in bycolumns.
move: cross byrows bycolumns.
move: (\sum_a \sum_b _ * f _ ^+ 2) (\sum_a \sum_b _ * h _ ^+ 2) (\sum_a _ * x _ _ ^+ 2)
  (\sum_b _ * y _ _ ^+ 2) => s1 s2 s3 s4 h1 h2 h3.
by apply: (le_by _ (addr_ge0 h1 (addr_ge0 h2 h3))); ring.
Qed.

(** The metrics may be known by diagonal bounds only, and the block by bounds on its entries. *)
Corollary gain_by_magnitudes M V X (N : 'M[R]_(m, n)) (left : 'rV[R]_m) (right : 'rV[R]_n)
    (rows columns : R) :
  (forall a, 0 < left 0 a) -> (forall b, 0 < right 0 b) -> 0 <= rows * columns ->
  (forall z : 'cV[R]_m, qf M z <= \sum_a left 0 a ^+ 2 * z a 0 ^+ 2) ->
  (forall y : 'cV[R]_n, \sum_b (right 0 b ^+ 2)^-1 * y b 0 ^+ 2 <= qf V y) ->
  (forall a b, `|X a b| <= N a b) ->
  (forall a, \sum_b left 0 a * N a b * right 0 b <= rows) ->
  (forall b, \sum_a left 0 a * N a b * right 0 b <= columns) ->
  forall y, qf M (X *m y) <= rows * columns * qf V y.
Proof.
move=> l0 r0 c0 upper lower bounded hr hc y.
have le a b : left 0 a * `|X a b| * right 0 b <= left 0 a * N a b * right 0 b.
  exact: (ler_wpmul2r (ltW (r0 b)) (ler_wpmul2l (ltW (l0 a)) (bounded a b))).
have s : couples (diag_mx (\row_a (left 0 a ^+ 2)^-1)) (diag_mx (\row_b (right 0 b ^+ 2)^-1)) (rows * columns) X.
  apply: (sums_of_magnitudes l0 r0) => [a|b].
    by apply: le_trans (hr a); apply: ler_sum.
  by apply: le_trans (hc b); apply: ler_sum.
have li a : 0 < (\row_a (left 0 a ^+ 2)^-1 : 'rV[R]_m) 0 a by rewrite mxE invr_gt0 exprn_gt0.
have ri b : 0 <= (\row_b (right 0 b ^+ 2)^-1 : 'rV[R]_n) 0 b by rewrite mxE invr_ge0 exprn_ge0 // ltW.
have := image_bound (diag_posdef li) (diag_nonneg ri) c0 s y.
rewrite (invmx_diag li) !qf_diag => h.
have eU : \sum_a (\row_i ((\row_a0 (left 0 a0 ^+ 2)^-1) 0 i)^-1) 0 a * (X *m y) a 0 ^+ 2
    = \sum_a left 0 a ^+ 2 * (X *m y) a 0 ^+ 2.
  by apply: eq_bigr => a _; rewrite [X in X * _]mxE [X in X^-1]mxE invrK.
have eV : \sum_b (\row_b0 (right 0 b0 ^+ 2)^-1) 0 b * y b 0 ^+ 2 = \sum_b (right 0 b ^+ 2)^-1 * y b 0 ^+ 2.
  by apply: eq_bigr => b _; rewrite [X in X * _]mxE.
rewrite eU eV in h; apply: (le_trans (upper _)); apply: (le_trans h).
exact: (ler_wpmul2l c0 (lower y)).
Qed.

(** ** Slopes between components: |d_i| <= h *)

Lemma diag_shrinks k (v d : 'rV[R]_k) h y : (forall i, 0 <= v 0 i) -> (forall i, `|d 0 i| <= h) ->
  qf (diag_mx v) (diag_mx d *m y) <= h ^+ 2 * qf (diag_mx v) y.
Proof.
move=> v0 dh; rewrite !qf_diag mulr_sumr; apply: ler_sum => i _.
rewrite mul_diag_mx mxE exprMn mulrCA; apply: ler_wpmul2r; first by rewrite mulr_ge0 ?sqr_ge0.
by rewrite -real_normK ?num_real // ler_sqr ?nnegrE ?(le_trans _ (dh i)).
Qed.

(** Form outside: slopes commute with a diagonal lower bound of the driving component's metric. *)
Theorem slopes_on_columns M V X c h (v d : 'rV[R]_n) : 0 <= c -> (forall i, 0 <= v 0 i) ->
  (forall i, `|d 0 i| <= h) -> (forall y, qf (diag_mx v) y <= qf V y) ->
  (forall y, qf M (X *m y) <= c * qf (diag_mx v) y) ->
  forall y, qf M (X *m diag_mx d *m y) <= c * h ^+ 2 * qf V y.
Proof.
move=> c0 v0 dh lower gain y; rewrite -mulmxA; apply: (le_trans (gain _)).
rewrite -mulrA; apply: ler_wpmul2l => //; apply: (le_trans (diag_shrinks y v0 dh)).
by apply: ler_wpmul2l (lower y); apply: sqr_ge0.
Qed.

(** Form inside: and with a diagonal upper bound of the driven component's metric. *)
Theorem slopes_on_rows M V X c h (mu d : 'rV[R]_m) : (forall i, 0 <= mu 0 i) ->
  (forall i, `|d 0 i| <= h) -> (forall z, qf M z <= qf (diag_mx mu) z) ->
  (forall y, qf (diag_mx mu) (X *m y) <= c * qf V y) ->
  forall y, qf M (diag_mx d *m X *m y) <= c * h ^+ 2 * qf V y.
Proof.
move=> mu0 dh upper gain y; rewrite -mulmxA; apply: (le_trans (upper _)).
apply: (le_trans (diag_shrinks _ mu0 dh)).
have -> : c * h ^+ 2 * qf V y = h ^+ 2 * (c * qf V y) by ring.
exact: (ler_wpmul2l (sqr_ge0 h) (gain y)).
Qed.

(** ** The residual of a linear coupling *)

(** Without inverses: M X + Z V with x = B x', y = B' y'. *)
Theorem residual_split M K A B V (K' A' B' : 'M[R]_n) X Z c : symmetric V ->
  split_metric M K A B -> B \in unitmx -> split_metric V K' A' B' -> B' \in unitmx ->
  couples K K' c (A *m X *m B' + B *m Z *m A') -> couples M V c (M *m X + Z *m V).
Proof.
move=> sV [_ sB BM AB] uB [sA' sB' BV AB'] uB' h x y.
have := h (invmx B *m x) (invmx B' *m y); set x' := invmx B *m x; set y' := invmx B' *m y.
have -> : x = B *m x' by rewrite mulKVmx.
have -> : y = B' *m y' by rewrite mulKVmx.
have VB : V *m B' = A' by rewrite -sA' -BV trmx_mul sB' sV.
have form k (P Q C D : 'M[R]_k) z : symmetric D -> D *m P = C -> C *m D = Q -> qf P (D *m z) = qf Q z.
  by move=> sD DP CD; rewrite /qf /bf dot_adjoint sD !mulmxA DP CD.
rewrite (form _ _ _ _ _ _ sB BM AB) (form _ _ _ _ _ _ sB' BV AB').
have -> : dot (B *m x') ((M *m X + Z *m V) *m (B' *m y')) = dot x' ((A *m X *m B' + B *m Z *m A') *m y').
  by rewrite dot_adjoint sB !mulmxA mulmxDr mulmxDl !mulmxA BM -(mulmxA (B *m Z) V) VB.
exact.
Qed.

End BlockNorm.
