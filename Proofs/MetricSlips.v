(** Printed metrics that are none (theory 1, 4, 5 and 9): the hypotheses hold, and along one direction the matrix
    does not decay, both by computation over the rationals. [Slips] has the statements on couplings. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms SlowSlopes Impossibilities Tables.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** ** Theorem 3: its metric (P1 Q P1)^-1 is one of form outside only *)

(** The metric Q^-1 of W = -a Q, form outside. *)
Lemma inverse_certifies n (M W : 'M[rat]_n) a : posdef M -> 0 <= a -> M *m W = (- a)%:M ->
  certifies (outside 0 1 W 0) M 1.
Proof.
move=> pM a0 MW; split=> // _ [d sd ->] e; rewrite addr0 mulmxBl mul1mx mul1r bfDr bfNr -/(qf M e) ger_addr.
rewrite -mulmxA -bf_mul MW bfS dot_diag mulNr oppr_le0; apply: mulr_ge0 => //.
by apply: sumr_ge0 => i _; rewrite -expr2; apply: mulr_ge0 (sqr_ge0 _); case/andP: (sd i).
Qed.

(** Q = [[2, 1], [1, 1]], W = -2 Q. *)
Definition product_W : seq (seq rat) := [:: [:: - 4%:R; - 2%:R]; [:: - 2%:R; - 2%:R]].
Definition product_M : seq (seq rat) := [:: [:: 1; -1]; [:: -1; 2%:R]].

Theorem product_metric_outside : certifies (outside 0 1 (mx 2 product_W) 0) (mx 2 product_M) 1.
Proof.
apply: (inverse_certifies (a := 2%:R)) => //; last by rewrite mx_product mx_scalar; congr mx; vm_compute.
by apply: (@posdef_computed 2 [:: [:: 1; 1]; [:: 0; 1]] [:: 1; 1] [:: [:: 1; -1]; [:: 0; 1]]); vm_compute.
Qed.

Theorem product_metric_inside lam : 0 < lam -> ~ certifies (inside 0 1 (mx 2 product_W) 0) (mx 2 product_M) lam.
Proof.
by apply: (grows (inside_at (d := [:: 1; 0]) product_W _) (x := [:: 1; 2%:R])); vm_compute.
Qed.

(** ** Ablation in form outside: the principal submatrix of a metric (theory 5) *)

(** Q^-1 for Q = [[2, 1, 1], [1, 2, 1], [1, 1, 1]], W = -9 Q; the third unit is taken away. *)
Definition ablation_W : seq (seq rat) :=
  [:: [:: - 18%:R; - 9%:R; - 9%:R]; [:: - 9%:R; - 18%:R; - 9%:R]; [:: - 9%:R; - 9%:R; - 9%:R]].
Definition ablation_M : seq (seq rat) := [:: [:: 1; 0; -1]; [:: 0; 1; -1]; [:: -1; -1; 3%:R]].

Theorem ablation_metric : certifies (outside 0 1 (mx 3 ablation_W) 0) (mx 3 ablation_M) 1.
Proof.
apply: (inverse_certifies (a := 9%:R)) => //; last by rewrite mx_product mx_scalar; congr mx; vm_compute.
by apply: (@posdef_computed 3 [:: [:: 1; 0; 1]; [:: 0; 1; 1]; [:: 0; 0; 1]] [:: 1; 1; 1]
  [:: [:: 1; 0; -1]; [:: 0; 1; -1]; [:: 0; 0; 1]]); vm_compute.
Qed.

Theorem ablated_submatrix lam : 0 < lam ->
  ~ certifies (outside 0 1 (ulsubmx (mx 3 ablation_W : 'M_(2 + 1))) 0) (ulsubmx (mx 3 ablation_M : 'M_(2 + 1))) lam.
Proof.
have kept A : ulsubmx (mx 3 A : 'M_(2 + 1)) = mx 2 A by apply/matrixP => i j; rewrite !mxE.
rewrite !kept.
by apply: (grows (outside_at (d := [:: 1; 0]) ablation_W _) (x := [:: 1; - 4%:R])); vm_compute.
Qed.

(** ** The solution of -1 = M A + A^T M, A = |W| - 1 (arXiv:2106.08928, 4.1): neither M nor its diagonal *)

Definition lyapunov_W : seq (seq rat) := [:: [:: 0; 0; 1]; [:: 0; 0; 0]; [:: 0; - 2%:R; 0]].
Definition lyapunov_A : seq (seq rat) := [:: [:: -1; 0; 1]; [:: 0; -1; 0]; [:: 0; 2%:R; -1]].
Definition lyapunov_M : seq (seq rat) := [:: [:: 4%:R; 2%:R; 2%:R]; [:: 2%:R; 18%:R; 7%:R]; [:: 2%:R; 7%:R; 6%:R]].

Theorem lyapunov_equation : posdef (mx 3 lyapunov_M) /\
  mx 3 lyapunov_M *m mx 3 lyapunov_A + (mx 3 lyapunov_A)^T *m mx 3 lyapunov_M = (- 8%:R)%:M.
Proof.
split; last by rewrite mx_transpose !mx_product mx_sum mx_scalar; congr mx; vm_compute.
apply: (@posdef_computed 3 [:: [:: 1; - 2%:R^-1; - (11%:R / 34%:R)]; [:: 0; 1; - (6%:R / 17%:R)]; [:: 0; 0; 1]]
  [:: 4%:R; 17%:R; 49%:R / 17%:R] [:: [:: 1; 2%:R^-1; 2%:R^-1]; [:: 0; 1; 6%:R / 17%:R]; [:: 0; 0; 1]]);
  by vm_compute.
Qed.

Theorem lyapunov_metric lam : 0 < lam -> ~ certifies (outside 0 1 (mx 3 lyapunov_W) 0) (mx 3 lyapunov_M) lam.
Proof.
by apply: (grows (outside_at (d := [:: 1; 1; 1]) lyapunov_W _) (x := [:: 1; -1; 2%:R])); vm_compute.
Qed.

(** Four units, W >= 0. *)
Definition chain_W : seq (seq rat) := [:: [:: 0; 2%:R; 1; 0]; [::]; [::]; [:: 3%:R]].
Definition chain_A : seq (seq rat) :=
  [:: [:: -1; 2%:R; 1; 0]; [:: 0; -1; 0; 0]; [:: 0; 0; -1; 0]; [:: 3%:R; 0; 0; -1]].
Definition chain_M : seq (seq rat) :=
  [:: [:: 44%:R; 62%:R; 31%:R; 12%:R]; [:: 62%:R; 132%:R; 62%:R; 12%:R];
      [:: 31%:R; 62%:R; 39%:R; 6%:R]; [:: 12%:R; 12%:R; 6%:R; 8%:R]].

Theorem chain_equation :
  mx 4 chain_M *m mx 4 chain_A + (mx 4 chain_A)^T *m mx 4 chain_M = (- 16%:R)%:M.
Proof. by rewrite mx_transpose !mx_product mx_sum mx_scalar; congr mx; vm_compute. Qed.

Theorem lyapunov_diagonal lam : 0 < lam ->
  ~ certifies (outside 0 1 (mx 4 chain_W) 0) (diag_mx (\row_i mx 4 chain_M i i)) lam.
Proof.
have -> : diag_mx (\row_i mx 4 chain_M i i) = mx 4 (table 4 (fun i j => at_ chain_M i i *+ (i == j))).
  by rewrite mx_table; apply/matrixP => i j; rewrite !mxE.
by apply: (grows (outside_at (d := [:: 1; 1; 1; 1]) chain_W _) (x := [:: 3%:R; 1; 2%:R; 4%:R])); vm_compute.
Qed.

(** ** Theorem 6 as printed *)

Lemma square_nonneg n (u : 'cV[rat]_n) : nonneg (u *m u^T).
Proof.
move=> x; have -> : qf (u *m u^T) x = dot u x ^+ 2; last exact: sqr_ge0.
by rewrite /qf bfE !mulmxA -mulmxA mxE big_ord1 -!dotE [dot x u]dotC expr2.
Qed.

(** -(X + X^T + c P), X = (gW - 1) P. *)
Definition stability n g W (p : seq rat) c := table n (fun i j =>
  - ((g * at_ W i j - 1 *+ (i == j)) * nth 0 p j + (g * at_ W j i - 1 *+ (j == i)) * nth 0 p i
     + c * (nth 0 p i *+ (i == j)))).
Lemma stability_computed n g W p c :
  nonneg (mx n (stability n g W p c)) -> diagonally_stable g (mx n W) (rv n p) c.
Proof.
rewrite /diagonally_stable; set A := (X in _ -> nonneg X); suff -> : mx n (stability n g W p c) = A by [].
by rewrite mx_table; apply/matrixP => i j; rewrite /A mul_mx_diag !mxE.
Qed.

(** The two sides of the conclusion at W, p, d, s and along x, for a metric m and its velocity v. *)
Lemma conclusion_computed n W m v d beta x (A := at_slopes_outside n W d) :
  growth (diag_mx (rv n m)) (diag_mx (rv n v)) (mx n W *m diag_mx (rv n d) - 1%:M) (cv n x)
    <= - (beta * qf (diag_mx (rv n m)) (cv n x)) ->
  form n (diagonal n v) (unit_table n) x + 2%:R * form n (diagonal n m) A x
    <= - (beta * form n (diagonal n m) (unit_table n) x).
Proof.
have -> : mx n W *m diag_mx (rv n d) - 1%:M = mx n A.
  by rewrite mx_table; apply/matrixP => i j; rewrite mul_mx_diag !mxE.
by rewrite !mx_diag growth_computed qf_computed.
Qed.

(** Its metric D: W = [[0, 10], [0, 0]], P = diag(100, 1), c = beta = 1, D = 1, along (1, 1). *)
Definition shear : seq (seq rat) := [:: [:: 0; 10%:R]; [:: 0; 0]].

Theorem slopes_as_metric : ~ theorem_6 (fun p d : 'rV[rat]_2 => d) (fun g c => c / g).
Proof.
pose p : seq rat := [:: 100%:R; 1]; pose d : seq rat := [:: 1; 1]; pose s : seq rat := [:: 0; 0].
have p0 : forall i, 0 < rv 2 p 0 i.
  by move=> i; rewrite mxE; apply: (@all_unitsP 2 (fun i => 0 < nth 0 p i)); vm_compute.
have st : diagonally_stable 1 (mx 2 shear) (rv 2 p) 1.
  apply: stability_computed; have -> : mx 2 (stability 2 1 shear p 1)
    = cv 2 [:: 10%:R; -1] *m (cv 2 [:: 10%:R; -1])^T; last exact: square_nonneg.
  have -> : stability 2 1 shear p 1 = table 2 (fun i j => nth 0 [:: 10%:R; -1] i * nth 0 [:: 10%:R; -1] j).
    by vm_compute.
  by rewrite mx_table; apply/matrixP => i j; rewrite !mxE big_ord1 !mxE.
have sd : forall i, 0 < rv 2 d 0 i <= 1.
  by move=> i; rewrite mxE; apply: (@all_unitsP 2 (fun i => 0 < nth 0 d i <= 1)); vm_compute.
have slow : forall i, rv 2 s 0 i - 1 / 1 * rv 2 d 0 i <= - (1 * rv 2 d 0 i).
  by move=> i; rewrite !mxE; apply: (@all_unitsP 2 (fun i => nth 0 s i - 1 / 1 * nth 0 d i <= - (1 * nth 0 d i)));
    vm_compute.
move=> h; have := h 1 _ _ 1 1 _ _ isT p0 isT isT st sd slow (cv 2 [:: 1; 1]).
by move/conclusion_computed; apply/negP; vm_compute.
Qed.

(** Its factor c/g with g = 1/10, W = 100 [[0, -1], [1, 0]], P = 1, c = 2: slopes g that grow at the rate 19. *)
Definition quick : seq (seq rat) := [:: [:: 0; - 100%:R]; [:: 100%:R; 0]].

Theorem slopes_factor : ~ theorem_6 (@over _ 2) (fun g c : rat => c / g).
Proof.
pose g : rat := 10%:R^-1; pose p : seq rat := [:: 1; 1]; pose d := [:: g; g]; pose s := [:: 19%:R * g; 19%:R * g].
have p0 : forall i, 0 < rv 2 p 0 i.
  by move=> i; rewrite mxE; apply: (@all_unitsP 2 (fun i => 0 < nth 0 p i)); vm_compute.
have st : diagonally_stable g (mx 2 quick) (rv 2 p) 2%:R.
  apply: stability_computed; have -> : stability 2 g quick p 2%:R = table 2 (fun i j => 0) by vm_compute.
  by rewrite mx_table => x; rewrite (_ : \matrix_(_, _) _ = 0) /qf ?bfM0 //; apply/matrixP => i j; rewrite !mxE.
have sd : forall i, 0 < rv 2 d 0 i <= g.
  by move=> i; rewrite mxE; apply: (@all_unitsP 2 (fun i => 0 < nth 0 d i <= g)); vm_compute.
have slow : forall i, rv 2 s 0 i - 2%:R / g * rv 2 d 0 i <= - (1 * rv 2 d 0 i).
  by move=> i; rewrite !mxE; apply: (@all_unitsP 2 (fun i => nth 0 s i - 2%:R / g * nth 0 d i <= - (1 * nth 0 d i)));
    vm_compute.
move=> h; have := h g _ _ 2%:R 1 _ _ isT p0 isT isT st sd slow (cv 2 [:: 1; 1]).
have self e : over (rv 2 p) (rv 2 e) = rv 2 e.
  by apply/rowP => i; rewrite !mxE; case: i => [[|[|//]] ?]; rewrite /= divr1.
by rewrite !self => /conclusion_computed; apply/negP; vm_compute.
Qed.

(** ** Global workspace with a full metric (Ennis, Kozachkov, Slotine 2023, remark 2): D must commute with it *)

(** A hub of one unit, a leaf of two with W = 0 and the metric leaf_M, lam = g = 1, p = 2: both norms are 3/4 < 1. *)
Definition leaf_M : seq (seq rat) := [:: [:: 17%:R; 4%:R]; [:: 4%:R; 1]].
Definition star_M : seq (seq rat) := [:: [:: 1; 0; 0]; [:: 0; 17%:R; 4%:R]; [:: 0; 4%:R; 1]].
Definition star_K : seq (seq rat) := [:: [:: 0; 3%:R; 3%:R / 4%:R]; [:: 0; 0; 0]; [:: 3%:R / 4%:R; 0; 0]].

Theorem workspace_full_norms (x y z : rat) :
  qf (mx 2 leaf_M) (cv 2 [:: 0; 3%:R / 4%:R * x]) = (3%:R / 4%:R) ^+ 2 * x ^+ 2 /\
  (3%:R * y + 3%:R / 4%:R * z) ^+ 2 <= (3%:R / 4%:R) ^+ 2 * qf (mx 2 leaf_M) (cv 2 [:: y; z]).
Proof.
have q a b : qf (mx 2 leaf_M) (cv 2 [:: a; b]) = (4%:R * a + b) ^+ 2 + a ^+ 2.
  by rewrite /qf /bf /dot !big_ord_recl big_ord0 !mxE !big_ord_recl !big_ord0 !mxE /=; ring.
split; first by rewrite q; field.
by rewrite q; apply: (le_by (s := (3%:R / 4%:R) ^+ 2 * y ^+ 2)); [field | rewrite mulr_ge0 ?sqr_ge0].
Qed.

Theorem workspace_full_metric lam : 0 < lam -> ~ certifies (outside 0 1 (mx 3 star_K) 0) (mx 3 star_M) lam.
Proof.
by apply: (grows (outside_at (d := [:: 1; 1; 0]) star_K _) (x := [:: 4%:R; 4%:R; - 15%:R])); vm_compute.
Qed.

(** ** A certificate of the flow says nothing of Euler steps: W = 0, L = 2 [[0, -1], [1, 0]], h = 1/2 (E4) *)

Definition turning : seq (seq rat) := [:: [:: 0; - 2%:R]; [:: 2%:R; 0]].

Theorem turning_flow : certifies (outside 0 1 0 (mx 2 turning)) 1%:M 1.
Proof.
split=> [|_ [d sd ->] e]; first by rewrite -diag_const_mx; apply: diag_posdef => i; rewrite mxE.
rewrite mul0mx add0r mulmxBl mul1mx bfDr bfNr mul1r -/(qf _ e) ger_addr le_eqVlt; apply/orP; left; apply/eqP.
have skew : (mx 2 turning)^T = - mx 2 turning.
  apply/matrixP => i j; rewrite !mxE; move: i j => [[|[|//]] ?] [[|[|//]] ?]; by apply/eqP.
have /eqP : bf 1%:M e (mx 2 turning *m e) = - bf 1%:M e (mx 2 turning *m e).
  by rewrite !bf1 {1}dotC dot_adjoint skew mulNmx dotNr.
by rewrite -subr_eq0 opprK -mulr2n mulrn_eq0 => /eqP.
Qed.

Theorem turning_euler rho : 0 <= rho < 1 ->
  ~ contracts (euler (2%:R^-1) (outside 0 1 0 (mx 2 turning))) 1%:M rho.
Proof.
pose B := table 2 (fun i j => 1 *+ (i == j) + 2%:R^-1 * (at_ turning i j - 1 *+ (i == j))).
have eB : mx 2 B = 1%:M + (2%:R^-1) *: (mx 2 turning - 1%:M).
  by rewrite mx_table; apply/matrixP => i j; rewrite !mxE.
have FB : euler (2%:R^-1) (outside 0 1 0 (mx 2 turning)) (mx 2 B).
  rewrite eB; exists (mx 2 turning - 1%:M) => //; exists 0 => [i|]; first by rewrite mxE.
  by rewrite mul0mx add0r.
by rewrite mx_scalar; apply: (expands (x := [:: 1; 0]) FB); vm_compute.
Qed.
