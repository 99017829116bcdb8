(** Small matrices of rationals as lists, so that Coq computes with them: what the counterexamples are checked with
    ([Slips], [MetricSlips]). *)
From mathcomp Require Import all_ssreflect all_algebra.
From Certify Require Import Spec Forms SlowSlopes Impossibilities.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Matrices and vectors by rows. *)
Definition mx n (rows : seq (seq rat)) : 'M[rat]_n := \matrix_(i, j) nth 0 (nth [::] rows i) j.
Definition cv n (entries : seq rat) : 'cV[rat]_n := \col_i nth 0 entries i.
Definition rv n (entries : seq rat) : 'rV[rat]_n := \row_i nth 0 entries i.

Section Tables.
Variable n : nat.
Implicit Types (A B M W : seq (seq rat)) (x d : seq rat).

Definition table (f : nat -> nat -> rat) := [seq [seq f i j | j <- iota 0 n] | i <- iota 0 n].
Definition at_ A i j := nth 0 (nth [::] A i) j.
Definition total (f : nat -> rat) := foldr (fun i s => f i + s) 0 (iota 0 n).

Lemma mx_table (f : nat -> nat -> rat) : mx n (table f) = \matrix_(i, j) f i j.
Proof.
have nth_iota0 k : (k < n)%N -> nth 0%N (iota 0 n) k = k by move=> kn; rewrite nth_iota.
by apply/matrixP => i j; rewrite !mxE (nth_map 0%N) ?size_iota // (nth_map 0%N) ?size_iota // !nth_iota0.
Qed.

Lemma sum_total (f : nat -> rat) : \sum_(i < n) f i = total f.
Proof. by rewrite -(big_mkord xpredT f) /index_iota subn0 unlock. Qed.

Definition product A B := table (fun i j => total (fun k => at_ A i k * at_ B k j)).
Lemma mx_product A B : mx n A *m mx n B = mx n (product A B).
Proof.
rewrite mx_table; apply/matrixP => i j; rewrite !mxE -sum_total.
by apply: eq_bigr => k _; rewrite !mxE.
Qed.

Definition sum A B := table (fun i j => at_ A i j + at_ B i j).
Lemma mx_sum A B : mx n A + mx n B = mx n (sum A B).
Proof. by rewrite mx_table; apply/matrixP => i j; rewrite !mxE. Qed.

Lemma mx_transpose A : (mx n A)^T = mx n (table (fun i j => at_ A j i)).
Proof. by rewrite mx_table; apply/matrixP => i j; rewrite !mxE. Qed.

Lemma mx_scalar (a : rat) : a%:M = mx n (table (fun i j => a *+ (i == j))).
Proof. by rewrite mx_table; apply/matrixP => i j; rewrite !mxE. Qed.

Lemma mx_diag d : diag_mx (rv n d) = mx n (table (fun i j => nth 0 d i *+ (i == j))).
Proof. by rewrite mx_table; apply/matrixP => i j; rewrite !mxE. Qed.

(** x^T M A x *)
Definition form M A x := total (fun i => nth 0 x i * total (fun j => at_ (product M A) i j * nth 0 x j)).
Lemma form_computed M A x : bf (mx n M) (cv n x) (mx n A *m cv n x) = form M A x.
Proof.
rewrite -bf_mul mx_product /bf /form -sum_total; apply: eq_bigr => i _; rewrite !mxE -sum_total.
by congr (_ * _); apply: eq_bigr => j _; rewrite !mxE.
Qed.

(** The linearisations at slopes d. *)
Definition at_slopes_outside W d := table (fun i j => at_ W i j * nth 0 d j - 1 *+ (i == j)).
Definition at_slopes_inside W d := table (fun i j => nth 0 d i * at_ W i j - 1 *+ (i == j)).
Definition are_slopes (d : seq rat) := all (fun i => 0 <= nth 0 d i <= 1) (iota 0 n).

Lemma outside_at W d : are_slopes d -> outside 0 1 (mx n W) 0 (mx n (at_slopes_outside W d)).
Proof.
move/allP=> sd; exists (rv n d) => [i|]; first by rewrite mxE sd // mem_iota add0n ltn_ord.
by rewrite mx_table; apply/matrixP => i j; rewrite mul_mx_diag !mxE addr0.
Qed.

Lemma inside_at W d : are_slopes d -> inside 0 1 (mx n W) 0 (mx n (at_slopes_inside W d)).
Proof.
move/allP=> sd; exists (rv n d) => [i|]; first by rewrite mxE sd // mem_iota add0n ltn_ord.
by rewrite mx_table; apply/matrixP => i j; rewrite mul_diag_mx !mxE addr0.
Qed.

Lemma grows (F : family [realFieldType of rat] n) M A x : F (mx n A) ->
  0 < form M (table (fun i j => 1 *+ (i == j))) x -> 0 <= form M A x ->
  forall lam, 0 < lam -> ~ certifies F (mx n M) lam.
Proof.
move=> FA Mx grow lam; apply: (metric_not_shrinking (x := cv n x) FA); rewrite ?form_computed //.
by rewrite /qf -[X in bf _ _ X]mul1mx mx_scalar form_computed.
Qed.

Definition unit_table := table (fun i j => 1 *+ (i == j)).
Definition diagonal d := table (fun i j => nth 0 d i *+ (i == j)).
Definition all_units (P : nat -> bool) := all P (iota 0 n).
Lemma all_unitsP P : all_units P -> forall i : 'I_n, P i.
Proof. by move=> /allP h i; apply: h; rewrite mem_iota add0n ltn_ord. Qed.

(** M = T^T diag(d) T is positive definite when d > 0 and S T = 1. *)
Lemma posdef_computed S d T M : all_units (fun i => 0 < nth 0 d i) -> product S T = unit_table ->
  product (product (table (fun i j => at_ T j i)) (diagonal d)) T = M -> posdef (mx n M).
Proof.
move=> d0 ST <-; rewrite -!mx_product -mx_transpose -mx_diag.
have {}ST : mx n S *m mx n T = 1%:M by rewrite mx_product ST mx_scalar.
have p : posdef (diag_mx (rv n d)) by apply: diag_posdef => i; rewrite mxE; apply: all_unitsP d0 i.
split=> [|x x0]; first by rewrite /symmetric !trmx_mul trmxK tr_diag_mx mulmxA.
rewrite /qf bf_mul bf_mulT; apply: p.2; apply: contraNneq x0 => Tx.
by rewrite -[x]mul1mx -ST -mulmxA Tx mulmx0.
Qed.

(** |A x|^2 in M *)
Lemma image_computed M A x :
  qf (mx n M) (mx n A *m cv n x) = form (product (table (fun i j => at_ A j i)) M) A x.
Proof. by rewrite -form_computed -mx_product -mx_transpose bf_mulT. Qed.

Lemma qf_computed M x : qf (mx n M) (cv n x) = form M unit_table x.
Proof. by rewrite /qf -[X in bf _ _ X]mul1mx mx_scalar form_computed. Qed.

Lemma expands (F : family [realFieldType of rat] n) M A x : F (mx n A) -> 0 < form M unit_table x ->
  form M unit_table x <= form (product (table (fun i j => at_ A j i)) M) A x ->
  forall rho, 0 <= rho < 1 -> ~ contracts F (mx n M) rho.
Proof.
move=> FA Mx grow rho; apply: (metric_not_shrinking_map (x := cv n x) FA); rewrite qf_computed //.
by rewrite image_computed.
Qed.

Lemma growth_computed M N A x :
  growth (mx n M) (mx n N) (mx n A) (cv n x) = form N unit_table x + 2%:R * form M A x.
Proof. by rewrite /growth form_computed qf_computed. Qed.

End Tables.
