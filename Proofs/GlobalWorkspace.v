(** Global workspace: a hub and leaves (theory 4). The arrow condition on the matrix of bounds,

        sum_i b_i^2 / (lam_i - lam) <= lam_0 - lam,   all lam_i > lam,

    says that [[lam_0, -b^T], [-b, diag lam_i]] - lam is psd; with the cross terms of hub and leaves at most
    2 b_i |x_0| |x_i| it gives the rate lam. At lam = 0 equality does not contract ([Slips]). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section GlobalWorkspace.
Variables (R : realFieldType) (n q : nat).
Implicit Types (e : 'cV[R]_n) (A : 'M[R]_n).

(** M_0 and M_i, filled with zeros outside hub and leaf i; c_i A e collects the two blocks between them. *)
Variables (M0 : 'M[R]_n) (M : 'I_q -> 'M[R]_n) (F : family R n).
Hypotheses (p0 : nonneg M0) (pM : forall i, nonneg (M i)).
Let joint := M0 + \sum_i M i.

Variables (lam0 lam : R) (lam_ b : 'I_q -> R).

(** Hub and leaves contract alone, and cross terms c_i obey c_i^2 <= (2 b_i)^2 |x_0|^2 |x_i|^2. *)
Hypothesis split_form : forall A, F A -> forall e, exists2 c : 'I_q -> R,
  bf joint e (A *m e) <= - (lam0 * qf M0 e) - \sum_i lam_ i * qf (M i) e + \sum_i c i &
  forall i, c i ^+ 2 <= (2%:R * b i) ^+ 2 * (qf M0 e * qf (M i) e).

Theorem arrow : (forall i, lam < lam_ i) ->
  \sum_i b i ^+ 2 / (lam_ i - lam) <= lam0 - lam -> decays F joint lam.
Proof.
move=> gap cond A FA e; have [c hA hc] := split_form FA e.
apply: (le_trans hA); set x := qf M0 e; pose y i := qf (M i) e.
have x0 : 0 <= x := p0 e; have y0 i : 0 <= y i := pM i e.
have s0 i : 0 < lam_ i - lam by rewrite subr_gt0.
have young i : c i <= b i ^+ 2 / (lam_ i - lam) * x + (lam_ i - lam) * y i.
  apply: (le_trans (ler_norm _)).
  have sn : lam_ i - lam != 0 by rewrite gt_eqF.
  have r0 : 0 <= b i ^+ 2 / (lam_ i - lam) * x + (lam_ i - lam) * y i.
    by rewrite addr_ge0 // mulr_ge0 // ?divr_ge0 ?sqr_ge0 // ltW.
  rewrite -ler_sqr ?nnegrE ?normr_ge0 // real_normK ?num_real //; apply: (le_trans (hc i)).
  apply: (le_by (s := (b i ^+ 2 / (lam_ i - lam) * x - (lam_ i - lam) * y i) ^+ 2)).
    by rewrite -/x -/(y i); field.
  exact: sqr_ge0.
have qE : qf joint e = x + \sum_i y i.
  rewrite /qf /joint bfMD; congr (_ + _).
  by elim/big_rec2: _ => [|i a B _ <-]; rewrite ?bfM0 ?bfMD.
rewrite qE; have sumc : \sum_i c i <= \sum_i (b i ^+ 2 / (lam_ i - lam) * x + (lam_ i - lam) * y i).
  by apply: ler_sum => i _; apply: young.
rewrite -subr_ge0 in sumc; rewrite -subr_ge0 in cond.
apply: (le_by (s := (lam0 - lam - \sum_i b i ^+ 2 / (lam_ i - lam)) * x
   + (\sum_i (b i ^+ 2 / (lam_ i - lam) * x + (lam_ i - lam) * y i) - \sum_i c i))); last first.
  by apply: addr_ge0 sumc; apply: mulr_ge0.
rewrite big_split /= -mulr_suml.
have -> : \sum_i (lam_ i - lam) * y i = \sum_i lam_ i * qf (M i) e - lam * \sum_i y i.
  by rewrite mulr_sumr -sumrB; apply: eq_bigr => i _; rewrite mulrBl.
by move: (\sum_i lam_ i * qf (M i) e) (\sum_i y i) (\sum_i c i) (\sum_i b i ^+ 2 / (lam_ i - lam))
  => s1 s2 s3 s4; ring.
Qed.

End GlobalWorkspace.
