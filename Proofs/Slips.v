(** Counterexamples to printed statements (theory 9): a direction in which the matrix does not decay, found by
    computation over the rationals. Each theorem says that the printed hypotheses hold and the conclusion does not.

    Statements on metrics are in [MetricSlips].
    x^T M A x > 0 refutes decay of the matrix A in the metric M; an eigenvalue s >= 0 refutes it in every metric
    ([UnstableVertex]). *)
From mathcomp Require Import all_ssreflect all_algebra.
From Certify Require Import Spec Forms UnstableVertex Tables.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Global workspace at equality (printed "<="): a hub and 4 leaves, lam = g = 1, every |L| = 1/2 = 1/sqrt 4.
    J = -1 + L has the eigenvalue 0, so nothing contracts. *)
Definition star4 : 'M[rat]_5 := mx 5
  [:: [:: -1; 1/2%:R; 1/2%:R; 1/2%:R; 1/2%:R]; [:: 1/2%:R; -1; 0; 0; 0]; [:: 1/2%:R; 0; -1; 0; 0];
      [:: 1/2%:R; 0; 0; -1; 0]; [:: 1/2%:R; 0; 0; 0; -1]].

Theorem workspace_equality M lam : 0 < lam -> ~ certifies (eq star4) M lam.
Proof.
move=> l0; apply: (@unstable_vertex _ _ _ star4 (cv 5 [:: 2%:R; 1; 1; 1; 1]) 0) => //.
  by apply/eqP => /colP/(_ 0); rewrite !mxE.
rewrite scale0r; apply/colP; case=> [[|[|[|[|[|//]]]]] ?];
  by rewrite !mxE !big_ord_recl big_ord0 !mxE /=; apply/eqP.
Qed.

(** Printed count: p leaves but ell <= lam / (g sqrt(p - 1)). Five leaves with 1/2 grow in M = I. *)
Definition star5 : seq (seq rat) :=
  [:: [:: -1; 1/2%:R; 1/2%:R; 1/2%:R; 1/2%:R; 1/2%:R]; [:: 1/2%:R; -1; 0; 0; 0; 0];
      [:: 1/2%:R; 0; -1; 0; 0; 0]; [:: 1/2%:R; 0; 0; -1; 0; 0]; [:: 1/2%:R; 0; 0; 0; -1; 0];
      [:: 1/2%:R; 0; 0; 0; 0; -1]].

Theorem workspace_count lam : 0 < lam -> ~ certifies (eq (mx 6 star5)) 1%:M lam.
Proof. by rewrite mx_scalar; apply: (grows (x := [:: 2%:R; 1; 1; 1; 1; 1]) (erefl _)); vm_compute. Qed.

(** Identity coupling L = -L^T of modules that Theorem 1 certifies: W1 = [[0, 12], [0, 0]], W2 = [0] and the
    coupling of theory 7. At slopes 1 the eigenvalue is 2 - 1 = 1: the network contracts in no metric. *)
Definition skew_modules : 'M[rat]_3 := mx 3 [:: [:: -1; 12%:R; -1]; [:: 0; -1; 1]; [:: 1; -1; -1]].

Theorem identity_coupling M lam : 0 < lam -> ~ certifies (eq skew_modules) M lam.
Proof.
move=> l0; apply: (@unstable_vertex _ _ _ skew_modules (cv 3 [:: 5%:R; 1; 2%:R]) 1) => //.
  by apply/eqP => /colP/(_ 0); rewrite !mxE.
rewrite scale1r; apply/colP; case=> [[|[|[|//]]] ?];
  by rewrite !mxE !big_ord_recl big_ord0 !mxE /=; apply/eqP.
Qed.

(** Global workspace with |L| <= ell read as (L + L^T)/2 <= ell: L_10 = 3 [[0, 1], [-1, 0]] = L_01^T has no
    symmetric part, lam = 1, and yet the eigenvalue is 3 - 1 = 2. *)
Definition star_skew : 'M[rat]_4 := mx 4
  [:: [:: -1; 0; 0; - 3%:R]; [:: 0; -1; 3%:R; 0]; [:: 0; 3%:R; -1; 0]; [:: - 3%:R; 0; 0; -1]].

Theorem workspace_symmetric_part M lam : 0 < lam -> ~ certifies (eq star_skew) M lam.
Proof.
move=> l0; apply: (@unstable_vertex _ _ _ star_skew (cv 4 [:: 1; 0; 0; -1]) 2%:R) => //.
  by apply/eqP => /colP/(_ 0); rewrite !mxE.
apply/colP; case=> [[|[|[|[|//]]]] ?];
  by rewrite !mxE !big_ord_recl big_ord0 !mxE /=; apply/eqP.
Qed.

(** A diagonal network with |w| <= 1 (De Caro et al. 2025, AdaDiag): w = 1 does not contract. *)
Theorem unit_weight (M : 'M[rat]_1) lam : 0 < lam -> ~ certifies (outside 0 1 1%:M 0) M lam.
Proof.
move=> l0; apply: (@unstable_vertex _ _ _ 0 (const_mx 1) 0) => //; last by rewrite mul0mx scale0r.
  by exists (const_mx 1) => [i|]; rewrite ?mxE // diag_const_mx mulmx1 addr0 subrr.
by apply/eqP => /colP/(_ 0); rewrite !mxE.
Qed.

(** Pruning one side only, even in M = 1: the skew cycle of three units and gain 2 without its negative half. *)
Definition half_cycle : 'M[rat]_3 := mx 3 [:: [:: -1; 0; 2%:R]; [:: 2%:R; -1; 0]; [:: 0; 2%:R; -1]].

Theorem one_sided_pruning M lam : 0 < lam -> ~ certifies (eq half_cycle) M lam.
Proof.
move=> l0; apply: (@unstable_vertex _ _ _ half_cycle (const_mx 1) 1) => //.
  by apply/eqP => /colP/(_ 0); rewrite !mxE.
by rewrite scale1r; apply/colP; case=> [[|[|[|//]]] ?];
  rewrite !mxE !big_ord_recl big_ord0 !mxE /=; apply/eqP.
Qed.

(** Pairwise pruning with a full metric: M L is skew, and still so is not what is left after the entries (0, 2) and
    (2, 0) are removed; the network then grows along (0, -1, 1) in M. *)
Definition full_M : seq (seq rat) := [:: [:: 2%:R; -1; 0]; [:: -1; 1; 0]; [:: 0; 0; 1]].
Definition full_L : seq (seq rat) := [:: [:: 0; 0; - 8%:R]; [:: 0; 0; - 6%:R]; [:: 10%:R; - 2%:R; 0]].
Definition pruned_L : seq (seq rat) := [:: [:: 0; 0; 0]; [:: 0; 0; - 6%:R]; [:: 0; - 2%:R; 0]].

Theorem full_metric_skew : mx 3 full_M *m mx 3 full_L + (mx 3 full_L)^T *m mx 3 full_M = 0.
Proof.
have -> : 0 = (0 : rat)%:M :> 'M_3 by rewrite raddf0.
by rewrite mx_transpose !mx_product mx_sum mx_scalar; congr mx; vm_compute.
Qed.

Theorem pairwise_pruning lam : 0 < lam -> ~ certifies (eq (mx 3 pruned_L - 1%:M)) (mx 3 full_M) lam.
Proof.
have -> : mx 3 pruned_L - 1%:M = mx 3 (table 3 (fun i j => at_ pruned_L i j - 1 *+ (i == j))).
  by rewrite mx_table; apply/matrixP => i j; rewrite !mxE.
by apply: (grows (x := [:: 0; -1; 1]) (erefl _)); vm_compute.
Qed.
