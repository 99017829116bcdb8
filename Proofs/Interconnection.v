(** Components coupled in any way, as the kernel charges it (Swift: [BlockComparison], [Interconnection],
    [Hierarchy], [GlobalWorkspace], [Feedback]; theory 4; Kozachkov, Ennis, Slotine, arXiv:2106.08928, 2).

    Component i contracts alone with (M_i, lam_i); theta_i = w_i / v_i for any v, w > 0. Between components the
    coupling is a fixed matrix C, chosen freely, and what is left of it; r and k bound

        r_ij >= |M_i^-1/2 (theta_i M_i C_ij + theta_j C_ji^T M_j)/2 M_j^-1/2|,     r_ij = r_ji
        k_ij >= |M_i^1/2 (A_ij - C_ij) M_j^-1/2|                                   for all slopes

    so a C that is skew in the joint metric is free. In the metric blkdiag(theta_i M_i):

        flow   lam <= lam_i - sum_j r_ij v_j / w_i - (sum_j k_ij v_j / v_i + sum_j k_ji w_j / w_i) / 2
        map    rho^2 >= max_i (rho_i + sum_j b_ij v_j / v_i)  max_i (rho_i + sum_j b_ji w_j / w_i),
               b_ij >= |M_i^1/2 A_ij M_j^-1/2|

    for all i, sums over j other than i. [BlockNorm] bounds r, k and b. Which pairs are coupled is not asked:
    the four rules differ by that only. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Every pair counted from both ends. *)
Lemma both_ends (R : realFieldType) p (f : 'I_p -> 'I_p -> R) :
  \sum_i \sum_(j | j != i) f i j = \sum_i \sum_(j | j != i) f j i.
Proof.
rewrite (exchange_big_dep xpredT) //=; apply: eq_bigr => i _.
by apply: eq_bigl => j; rewrite eq_sym.
Qed.

Section Interconnection.
Variables (R : realFieldType) (n p : nat) (s : 'I_p -> nat) (u : forall i, 'I_(s i) -> 'I_n).
Hypothesis uP : components u.
Variable M : forall i, 'M[R]_(s i).
Hypothesis pM : forall i, posdef (M i).
Variables (v w : 'rV[R]_p).
Hypotheses (v0 : positive v) (w0 : positive w).
Variable F : family R n.

Local Notation block := (block (R := R) u).
Local Notation piece := (piece u).

Section Flow.
Variables (C : 'M[R]_n) (r k : 'M[R]_p) (lam_ : 'I_p -> R).

(** theta_i M_i C_ij + theta_j C_ji^T M_j, halved. *)
Definition skewness i j : 'M[R]_(s i, s j) :=
  2%:R^-1 *: (w 0 i / v 0 i *: (M i *m block i j C) + w 0 j / v 0 j *: ((block j i C)^T *m M j)).

Hypotheses (r0 : forall i j, 0 <= r i j) (k0 : forall i j, 0 <= k i j) (rC : forall i j, r i j = r j i).
Hypothesis alone : forall A, F A -> forall i x,
  bf (M i) x (block i i A *m x) <= - (lam_ i * qf (M i) x).
Hypothesis residual : forall i j : 'I_p, (i < j)%N -> couples (M i) (M j) (r i j ^+ 2) (skewness i j).
Hypothesis gain : forall A, F A -> forall i j, i != j -> forall y,
  qf (M i) ((block i j A - block i j C) *m y) <= k i j ^+ 2 * qf (M j) y.

(** |t| <= c |x| |y| gives t <= c (|x|^2 a / b + |y|^2 b / a) / 2. *)
Lemma weigh (t c x y a b : R) : 0 <= c -> 0 <= x -> 0 <= y -> 0 < a -> 0 < b ->
  t ^+ 2 <= c ^+ 2 * (x * y) -> t <= c * ((x * (a / b) + y * (b / a)) / 2%:R).
Proof.
move=> c0 x0 y0 a0 b0 h; apply: (le_trans (ler_norm _)).
have an : a != 0 by rewrite gt_eqF.
have bn : b != 0 by rewrite gt_eqF.
have m0 : 0 <= c * ((x * (a / b) + y * (b / a)) / 2%:R).
  apply: mulr_ge0 => //; apply: divr_ge0 (ler0n _ 2).
  by apply: addr_ge0; apply: mulr_ge0 => //; apply: ltW; apply: divr_gt0.
rewrite -ler_sqr ?nnegrE // real_normK ?num_real //; apply: (le_trans h).
apply: (le_by (s := (c * (x * (a / b) - y * (b / a)) / 2%:R) ^+ 2)); last exact: sqr_ge0.
by field; rewrite an bn.
Qed.

Lemma skew_pair i j x y : w 0 i / v 0 i * bf (M i) x (block i j C *m y)
    + w 0 j / v 0 j * bf (M j) y (block j i C *m x) = 2%:R * dot x (skewness i j *m y).
Proof.
rewrite /skewness -scalemxAl dotZr mulrA divff ?pnatr_eq0 // mul1r mulmxDl dotDr -!scalemxAl !dotZr.
congr (_ * _ + _ * _); first by rewrite /bf mulmxA.
by rewrite (bfC _ _ (posdef_symmetric (pM j))) /bf dot_trmx mulmxA.
Qed.

Theorem interconnection_flow lam :
  (forall i, lam <= lam_ i - (\sum_(j | j != i) r i j * v 0 j) / w 0 i - load k v w i / 2%:R) ->
  certifies F (blocks u M v w) lam.
Proof.
move=> rate; split=> [|A FA e]; first exact: blocks_posdef.
have vn i : v 0 i != 0 by rewrite gt_eqF.
have wn i : w 0 i != 0 by rewrite gt_eqF.
pose th i := w 0 i / v 0 i; have th0 i : 0 <= th i by rewrite /th ltW // divr_gt0.
pose x i := piece i e; pose q i := qf (M i) (x i).
have q0 i : 0 <= q i by apply: posdef_nonneg.
pose lin i j := th i * bf (M i) (x i) (block i j C *m x j).
pose rest i j := bf (M i) (x i) ((block i j A - block i j C) *m x j).
rewrite /qf !bf_blocks; have -> : \sum_i w 0 i / v 0 i * bf (M i) (piece i e) (piece i e) = \sum_i th i * q i by [].
have -> : \sum_i w 0 i / v 0 i * bf (M i) (piece i e) (piece i (A *m e))
  = \sum_i th i * bf (M i) (x i) (block i i A *m x i)
    + \sum_i \sum_(j | j != i) lin i j + \sum_i th i * \sum_(j | j != i) rest i j.
  rewrite -!big_split /=; apply: eq_bigr => i _; rewrite piece_image // bf_sumr (bigD1 i) //=.
  rewrite mulrDr -addrA; congr (_ + _); rewrite !mulr_sumr -big_split /=; apply: eq_bigr => j _.
  by rewrite /lin /rest -mulrDr -bfDr mulmxBl addrC subrK.
have linear : \sum_i \sum_(j | j != i) lin i j <= \sum_i th i * q i * ((\sum_(j | j != i) r i j * v 0 j) / w 0 i).
  pose t i j := (lin i j + lin j i) / 2%:R.
  have -> : \sum_i \sum_(j | j != i) lin i j = \sum_i \sum_(j | j != i) t i j.
    rewrite /t; under [RHS]eq_bigr => i _ do rewrite -mulr_suml big_split.
    by rewrite /= -mulr_suml big_split /= -both_ends; set z := \sum_i _; field.
  have tC i j : t i j = t j i by rewrite /t addrC.
  have t_le i j : j != i -> t i j <= r i j * ((q i * (v 0 j / v 0 i) + q j * (v 0 i / v 0 j)) / 2%:R).
    move=> ji; apply: weigh => //.
    have up (a b : 'I_p) : (a < b)%N -> t a b ^+ 2 <= r a b ^+ 2 * (q a * q b).
      move=> ab; apply: le_trans (residual ab (x a) (x b)); rewrite /t /lin skew_pair.
      by rewrite le_eqVlt; apply/orP; left; apply/eqP; congr (_ ^+ 2); field.
    case: (ltngtP i j) => [|/up h|/val_inj same]; first exact: up.
      by rewrite tC rC [q i * _]mulrC.
    by rewrite same eqxx in ji.
  apply: (le_trans (ler_sum _ (fun i _ => ler_sum _ (fun j => t_le i j)))).
  pose g i j := r i j * (q i * (v 0 j / v 0 i)) / 2%:R.
  have -> : \sum_i \sum_(j | j != i) r i j * ((q i * (v 0 j / v 0 i) + q j * (v 0 i / v 0 j)) / 2%:R)
      = \sum_i \sum_(j | j != i) (g i j + g i j).
    under [RHS]eq_bigr => i _ do rewrite big_split; rewrite [RHS]big_split /= [X in _ + X]both_ends.
    rewrite -big_split /=; apply: eq_bigr => i _; rewrite -big_split /=; apply: eq_bigr => j _.
    by rewrite /g [r j i]rC; field; rewrite !vn.
  apply: ler_sum => i _; rewrite mulr_suml mulr_sumr; apply: ler_sum => j _.
  rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by rewrite /g /th; field; rewrite vn wn.
have others : \sum_i th i * (\sum_(j | j != i) rest i j) <= \sum_i th i * q i * (load k v w i / 2%:R).
  rewrite -(load_sum k q v0 w0); apply: ler_sum => i _; apply: ler_wpmul2l => //; apply: ler_sum => j ji.
  apply: weigh => //; apply: (le_trans (cauchy_schwarz _ _ (posdef_symmetric (pM i)) (posdef_nonneg (pM i)))).
  rewrite mulrCA; apply: ler_wpmul2l; first exact: q0.
  by apply: gain; rewrite // eq_sym.
have own : \sum_i th i * bf (M i) (x i) (block i i A *m x i) <= \sum_i th i * - (lam_ i * q i).
  by apply: ler_sum => i _; apply: ler_wpmul2l => //; apply: alone.
apply: (le_trans (ler_add (ler_add own linear) others)).
rewrite mulr_sumr -sumrN -!big_split /=; apply: ler_sum => i _.
apply: (le_by (s := th i * q i * (lam_ i - (\sum_(j | j != i) r i j * v 0 j) / w 0 i
  - load k v w i / 2%:R - lam))).
  by move: (th i) (q i) (load k v w i) ((\sum_(j | j != i) r i j * v 0 j) / w 0 i) (lam_ i) => a b c d f; ring.
by apply: mulr_ge0; [apply: mulr_ge0 (th0 i) (q0 i) | rewrite subr_ge0; apply: rate].
Qed.

End Flow.

(** A step of the map. *)
Theorem interconnection_map (b : 'M[R]_p) (rho_ : 'I_p -> R) rows columns rho :
  (forall i j, 0 <= b i j) -> (forall i, 0 <= rho_ i) -> 0 <= rows ->
  (forall A, F A -> forall i x, qf (M i) (block i i A *m x) <= rho_ i ^+ 2 * qf (M i) x) ->
  (forall A, F A -> forall i j, i != j -> forall y,
    qf (M i) (block i j A *m y) <= b i j ^+ 2 * qf (M j) y) ->
  (forall i, rho_ i + (\sum_(j | j != i) b i j * v 0 j) / v 0 i <= rows) ->
  (forall j, rho_ j + (\sum_(i | i != j) b i j * w 0 i) / w 0 j <= columns) ->
  rows * columns <= rho ^+ 2 ->
  contracts F (blocks u M v w) rho.
Proof.
move=> b0 rho0 rows0 alone gain hr hc rho2; case: (uP) => place _ placeK.
have partE j e : part (fun k => tag (place k)) j e = select R u j *m piece j e.
  apply/colP => k; rewrite mxE [RHS]mxE; move: (placeK k); rewrite /unit_at.
  case: (place k) => i a /= <-; under eq_bigr => c _ do rewrite pieceE mxE.
  case: (altP (i =P j)) => [ij|ij]; last first.
    by rewrite big1 // => c _; rewrite unit_apart // mul0r.
  subst j; rewrite (bigD1 a) //= eqxx mul1r big1 ?addr0 // => c ca.
  by rewrite (inj_eq (@unit_inj n p s u uP i)) eq_sym (negbTE ca) mul0r.
apply: (@hierarchy_map R n p (fun k => tag (place k)) (padded u M) _ _ _ v w v0 w0 F b b0 _ rho_ rows columns) => //.
- exact: padded_symmetric.
- exact: padded_nonneg.
- exact: padded_full.
- by move=> A FA i j ij e; rewrite partE !qf_padded -block_image; apply: gain.
- by move=> A FA i e; rewrite partE !qf_padded -block_image; apply: alone.
Qed.

(** ** Gains from the entries, and a component as a network of its own *)

Theorem gain_of_entries (C : 'M[R]_n) i j (N : 'M[R]_(s i, s j)) (left : 'rV[R]_(s i)) (right : 'rV[R]_(s j))
    (rows columns c : R) :
  (forall a, 0 < left 0 a) -> (forall a, 0 < right 0 a) -> 0 <= rows -> 0 <= columns ->
  (forall z : 'cV[R]_(s i), qf (M i) z <= \sum_a left 0 a ^+ 2 * z a 0 ^+ 2) ->
  (forall y : 'cV[R]_(s j), \sum_a (right 0 a ^+ 2)^-1 * y a 0 ^+ 2 <= qf (M j) y) ->
  (forall A, F A -> forall a b, `|A (u a) (u b) - C (u a) (u b)| <= N a b) ->
  (forall a, \sum_b left 0 a * N a b * right 0 b <= rows) ->
  (forall b, \sum_a left 0 a * N a b * right 0 b <= columns) ->
  rows * columns <= c ^+ 2 ->
  forall A, F A -> forall y, qf (M i) ((block i j A - block i j C) *m y) <= c ^+ 2 * qf (M j) y.
Proof.
move=> l0 r0 rows0 columns0 upper lower bounded hr hc rc A FA y.
have rc0 : 0 <= rows * columns by rewrite mulr_ge0.
apply: (@le_trans _ _ (rows * columns * qf (M j) y)).
  apply: (gain_by_magnitudes l0 r0 rc0 upper lower _ hr hc) => a b.
  by rewrite -blockN -blockD blockE 2!mxE; apply: bounded.
by apply: ler_wpmul2r rc; apply: posdef_nonneg.
Qed.

Lemma alone_flow (G : forall i, family R (s i)) (lam_ : 'I_p -> R) :
  (forall i A, F A -> G i (block i i A)) -> (forall i, decays (G i) (M i) (lam_ i)) ->
  forall A, F A -> forall i x, bf (M i) x (block i i A *m x) <= - (lam_ i * qf (M i) x).
Proof. by move=> FG d A FA i; apply/d/FG. Qed.

Lemma alone_map (G : forall i, family R (s i)) (rho_ : 'I_p -> R) :
  (forall i A, F A -> G i (block i i A)) -> (forall i, shrinks (G i) (M i) (rho_ i)) ->
  forall A, F A -> forall i x, qf (M i) (block i i A *m x) <= rho_ i ^+ 2 * qf (M i) x.
Proof. by move=> FG d A FA i; apply/d/FG. Qed.

End Interconnection.

(** ** The networks *)

Section Networks.
Variables (R : realFieldType) (n p : nat) (s : 'I_p -> nat) (u : forall i, 'I_(s i) -> 'I_n).
Hypothesis uP : components u.
Implicit Types (W L K : 'M[R]_n) (pc : 'rV[R]_n).
Local Notation block := (block (R := R) u).

Lemma restricted_coupled l g l' g' W L K i A : coupled l g W L l' g' K A ->
  coupled l g (block i i W) (block i i L) l' g' (block i i K) (block i i A).
Proof.
move=> [d [d' [sd sd' ->]]]; exists (row_piece u i d), (row_piece u i d').
by split; rewrite ?blockD ?blockN ?block1 // ?block_diagr //; apply: slopes_piece.
Qed.

Lemma restricted_outside l g W L i A : outside l g W L A ->
  outside l g (block i i W) (block i i L) (block i i A).
Proof.
move=> [d sd ->]; exists (row_piece u i d); first exact: slopes_piece.
by rewrite !blockD blockN block1 // block_diagr.
Qed.

Lemma restricted_inside l g W L i A : inside l g W L A ->
  inside l g (block i i W) (block i i L) (block i i A).
Proof.
move=> [d sd ->]; exists (row_piece u i d); first exact: slopes_piece.
by rewrite !blockD blockN block1 // block_diagl.
Qed.

Lemma restricted_paced pc (F : family R n) (G : forall i, family R (s i)) :
  (forall i A, F A -> G i (block i i A)) ->
  forall i A, paced pc F A -> paced (row_piece u i pc) (G i) (block i i A).
Proof.
move=> FG i _ [A FA ->]; exists (block i i A); first exact: FG.
by rewrite block_diagl.
Qed.

Lemma restricted_euler h (F : family R n) (G : forall i, family R (s i)) :
  (forall i A, F A -> G i (block i i A)) ->
  forall i A, euler h F A -> euler h (G i) (block i i A).
Proof.
move=> FG i _ [A FA ->]; exists (block i i A); first exact: FG.
by rewrite blockD blockZ block1.
Qed.

(** Entries between components, against the middles c and c' of the slopes. *)
Lemma middle (d c h l g : R) : c - h <= l -> g <= c + h -> l <= d <= g -> `|d - c| <= h.
Proof.
move=> lo hi /andP[ld dg]; rewrite ler_norml ler_subr_addl addrC.
rewrite ler_subl_addl (le_trans dg hi) andbT addrC; exact: le_trans lo ld.
Qed.

Lemma entries_coupled l g l' g' c h c' h' pc W L K i j (a : 'I_(s i)) (b : 'I_(s j)) A :
  (forall k, 0 <= pc 0 k) -> i != j -> c - h <= l -> g <= c + h -> c' - h' <= l' -> g' <= c' + h' ->
  paced pc (coupled l g W L l' g' K) A ->
  `|A (u a) (u b) - (diag_mx pc *m (L + c *: W + c' *: K)) (u a) (u b)|
  <= pc 0 (u a) * (h * `|W (u a) (u b)| + h' * `|K (u a) (u b)|).
Proof.
move=> p0 ij l1 g1 l2 g2 [_ [d [d' [sd sd' ->]]] ->].
rewrite !mul_diag_mx !mul_mx_diag !mxE unit_apart // !mulr0n; entries R.
set W' := W _ _; set K' := K _ _; set L' := L _ _; set q := pc _ _; set x := d _ _; set y := d' _ _.
have -> : q * (W' * x + L' + K' * y - 0) - q * (L' + c * W' + c' * K')
  = q * ((x - c) * W' + (y - c') * K') by ring.
rewrite normrM (ger0_norm (p0 _)); apply: ler_wpmul2l => //; apply: (le_trans (ler_norm_add _ _)).
rewrite !normrM; apply: ler_add; apply: ler_wpmul2r => //.
  exact: middle l1 g1 (sd _).
exact: middle l2 g2 (sd' _).
Qed.

Lemma entries_inside l g c h pc W L i j (a : 'I_(s i)) (b : 'I_(s j)) A :
  (forall k, 0 <= pc 0 k) -> i != j -> c - h <= l -> g <= c + h ->
  paced pc (inside l g W L) A ->
  `|A (u a) (u b) - (diag_mx pc *m (L + c *: W)) (u a) (u b)| <= pc 0 (u a) * (h * `|W (u a) (u b)|).
Proof.
move=> p0 ij l1 g1 [_ [d sd ->] ->].
rewrite !mul_diag_mx !mxE unit_apart // !mulr0n; entries R.
set W' := W _ _; set L' := L _ _; set q := pc _ _; set x := d _ _.
have -> : q * (x * W' + L' - 0) - q * (L' + c * W') = q * ((x - c) * W') by ring.
rewrite normrM (ger0_norm (p0 _)); apply: ler_wpmul2l => //.
by rewrite normrM; apply: ler_wpmul2r => //; apply: middle l1 g1 (sd _).
Qed.

(** Gains from a norm that is claimed of p_i h W_ij; no other slopes run between the two components. *)
Theorem gain_of_norm_outside l g c h pc W L (Mi : forall i, 'M[R]_(s i)) i j (vj : 'rV[R]_(s j)) k A :
  0 <= k -> (forall a, 0 <= vj 0 a) -> i != j -> c - h <= l -> g <= c + h ->
  (forall y, qf (diag_mx vj) y <= qf (Mi j) y) ->
  (forall y, qf (Mi i) (block i j (diag_mx pc *m W) *m y) <= k * qf (diag_mx vj) y) ->
  paced pc (outside l g W L) A ->
  forall y, qf (Mi i) ((block i j A - block i j (diag_mx pc *m (L + c *: W))) *m y)
    <= k * h ^+ 2 * qf (Mi j) y.
Proof.
move=> k0 v0 ij l1 g1 lower gain [_ [d sd ->] ->].
have -> : block i j (diag_mx pc *m (W *m diag_mx d + L - 1%:M)) - block i j (diag_mx pc *m (L + c *: W))
    = block i j (diag_mx pc *m W) *m diag_mx (row_piece u j (d - const_mx c)).
  rewrite -blockN -blockD -block_diagr; apply/matrixP => a b.
  by rewrite !blockE !(mul_diag_mx, mul_mx_diag) !mxE unit_apart // mulr0n; entries R; ring.
apply: slopes_on_columns => // a; rewrite !mxE; exact: middle l1 g1 (sd _).
Qed.

Theorem gain_of_norm_inside l g c h pc W L (Mi : forall i, 'M[R]_(s i)) i j (mui : 'rV[R]_(s i)) k A :
  (forall a, 0 <= mui 0 a) -> i != j -> c - h <= l -> g <= c + h ->
  (forall z, qf (Mi i) z <= qf (diag_mx mui) z) ->
  (forall y, qf (diag_mx mui) (block i j (diag_mx pc *m W) *m y) <= k * qf (Mi j) y) ->
  paced pc (inside l g W L) A ->
  forall y, qf (Mi i) ((block i j A - block i j (diag_mx pc *m (L + c *: W))) *m y)
    <= k * h ^+ 2 * qf (Mi j) y.
Proof.
move=> mu0 ij l1 g1 upper gain [_ [d sd ->] ->].
have -> : block i j (diag_mx pc *m (diag_mx d *m W + L - 1%:M)) - block i j (diag_mx pc *m (L + c *: W))
    = diag_mx (row_piece u i (d - const_mx c)) *m block i j (diag_mx pc *m W).
  rewrite -blockN -blockD -block_diagl; apply/matrixP => a b.
  by rewrite !blockE !mul_diag_mx !mxE unit_apart // mulr0n; entries R; ring.
apply: slopes_on_rows => // a; rewrite !mxE; exact: middle l1 g1 (sd _).
Qed.

End Networks.
