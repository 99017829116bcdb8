(** The dual certificate as the kernel checks it (Swift: [MetricDual] in NoConstantMetric; theory 2): Z_k nonnegative,
    not all 0, and S nonnegative,

        flow   S = sum_k (A_k Z_k + Z_k A_k^T) + 2 lam sum_k Z_k     ->  no metric gives a rate above lam
        map    S = sum_k (A_k Z_k A_k^T - rho^2 Z_k)                 ->  no metric gives a factor below rho

    The transposed dual is that of the family of transposes ([transfer_flow], [transfer_map]). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms FormTransfer Semidefinite.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section MetricDual.
Variables (R : realFieldType) (n : nat) (I : finType) (F : family R n) (A Z : I -> 'M[R]_n).
Hypotheses (FA : forall k, F (A k)) (sZ : forall k, symmetric (Z k)) (nZ : forall k, nonneg (Z k)).
Hypothesis some : exists k, Z k != 0.

(** Negative forms have a negative sum of traces. *)
Lemma traces_negative (Q : I -> 'M[R]_n) : (forall k x, x != 0 -> qf (Q k) x < 0) -> \sum_k \tr (Q k *m Z k) < 0.
Proof.
move=> neg; have [k0 k0n] := some.
have le0 k : \tr (Q k *m Z k) <= 0.
  by case: (eqVneq (Z k) 0) => [->|zn]; [rewrite mulmx0 mxtrace0 | apply/ltW/trace_negative => //; apply: neg].
rewrite (bigD1 k0) //= -[X in _ < X]addr0; apply: ltr_le_add; first by apply: trace_negative => //; apply: neg.
by rewrite -oppr_ge0 -sumrN; apply: sumr_ge0 => k _; rewrite oppr_ge0.
Qed.

Theorem metric_dual lam : nonneg (\sum_k (A k *m Z k + Z k *m (A k)^T + (2%:R * lam) *: Z k)) ->
  forall M lam', lam < lam' -> ~ certifies F M lam'.
Proof.
set S := (X in nonneg X) => nS M lam' ll [pM d]; have sM := posdef_symmetric pM.
have sS : symmetric S.
  rewrite /symmetric /S linear_sum; apply: eq_bigr => k _.
  by rewrite !linearD linearZ /= !trmx_mul trmxK sZ [X in X + _]addrC.
have := trace_product (posdef_nonneg pM) sS nS.
have -> : \tr (M *m S) = 2%:R * \sum_k \tr ((M *m A k + lam *: M) *m Z k).
  rewrite /S mulmx_sumr raddf_sum mulr_sumr; apply: eq_bigr => k _ /=.
  have turn : \tr (M *m (Z k *m (A k)^T)) = \tr (M *m (A k *m Z k)).
    by rewrite -mxtrace_tr !trmx_mul trmxK sZ sM mxtrace_mulC.
  by rewrite !mulmxDr mulmxDl -scalemxAl -scalemxAr !mxtraceD !mxtraceZ turn -mulmxA; ring.
rewrite pmulr_rge0 ?ltr0n // leNgt => /negP; apply; apply: traces_negative => k x x0.
rewrite /qf bfMD bfMZ bf_mul -/(qf M x); apply: (le_lt_trans (ler_add (d _ (FA k) x) (lexx _))).
by rewrite -mulNr -mulrDl pmulr_llt0 ?pM.2 // addrC subr_lt0.
Qed.

Theorem metric_dual_map rho : nonneg (\sum_k (A k *m Z k *m (A k)^T - rho ^+ 2 *: Z k)) ->
  forall M rho', 0 <= rho' < rho -> ~ contracts F M rho'.
Proof.
set S := (X in nonneg X) => nS M rho' /andP[r0 rr] [pM d]; have sM := posdef_symmetric pM.
have sS : symmetric S.
  rewrite /symmetric /S linear_sum; apply: eq_bigr => k _.
  by rewrite linearB linearZ /= !trmx_mul trmxK sZ mulmxA.
have := trace_product (posdef_nonneg pM) sS nS.
have -> : \tr (M *m S) = \sum_k \tr (((A k)^T *m M *m A k - rho ^+ 2 *: M) *m Z k).
  rewrite /S mulmx_sumr raddf_sum; apply: eq_bigr => k _ /=.
  rewrite mulmxBr mulmxBl -scalemxAl -scalemxAr !raddfB /=; congr (_ - _).
  by rewrite mulmxA mxtrace_mulC !mulmxA.
rewrite leNgt => /negP; apply; apply: traces_negative => k x x0.
rewrite /qf bfMD bfMN bfMZ bf_mul bf_mulT -!/(qf M _) subr_lt0.
apply: (le_lt_trans (d _ (FA k) x)); rewrite ltr_pmul2r ?pM.2 //.
by rewrite ltr_sqr ?nnegrE // (le_trans r0) // ltW.
Qed.

End MetricDual.

(** The dual of the transposes: A_k for A_k^T. *)
Section Transposed.
Variables (R : realFieldType) (n : nat) (I : finType) (F : family R n) (A Z : I -> 'M[R]_n).
Hypotheses (FA : forall k, F (A k)^T) (sZ : forall k, symmetric (Z k)) (nZ : forall k, nonneg (Z k)).
Hypothesis some : exists k, Z k != 0.

Corollary metric_dual_transposed lam : nonneg (\sum_k (A k *m Z k + Z k *m (A k)^T + (2%:R * lam) *: Z k)) ->
  forall M lam', lam < lam' -> ~ certifies F M lam'.
Proof.
by move=> nS M lam' ll /transfer_flow; apply: (metric_dual (F := transposes F) (A := A) FA sZ nZ some nS ll).
Qed.

Corollary metric_dual_map_transposed rho : nonneg (\sum_k (A k *m Z k *m (A k)^T - rho ^+ 2 *: Z k)) ->
  forall M rho', 0 <= rho' < rho -> ~ contracts F M rho'.
Proof.
by move=> nS M rho' rr /transfer_map; apply: (metric_dual_map (F := transposes F) (A := A) FA sZ nZ some nS rr).
Qed.

End Transposed.
