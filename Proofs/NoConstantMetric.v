(** The dual certificate: no constant metric (theory 2). It refutes no network; it is an obstruction.

    Z_k = sum of z z^T over finitely many z; if sum_k (A_k Z_k + Z_k A_k^T) = sum_j a_j s_j s_j^T with a_j >= 0,
    then no M has all the sym(M A_k) negative: weigh them with Z_k and take the trace. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section NoConstantMetric.
Variables (R : realFieldType) (n : nat).
Implicit Types (M : 'M[R]_n) (x y : 'cV[R]_n).

Lemma trace_outer M x y : \tr (M *m (x *m y^T)) = bf M y x.
Proof. by rewrite bfE mulmxA mxtrace_mulC mulmxA trace_mx11. Qed.

(** i runs over all the vectors z of all the Z_k, A i is the matrix of its vertex. *)
Theorem no_constant_metric (I J : finType) (F : family R n) (A : I -> 'M_n) (z : I -> 'cV_n)
    (a : J -> R) (s : J -> 'cV_n) :
  (forall i, F (A i)) -> (exists i, z i != 0) -> (forall j, 0 <= a j) ->
  \sum_i (A i *m z i *m (z i)^T + z i *m (A i *m z i)^T) = \sum_j a j *: (s j *m (s j)^T) ->
  forall M lam, 0 < lam -> ~ certifies F M lam.
Proof.
move=> FA [i0 z0] a0 dual M lam l0 [pM d]; have sM := posdef_symmetric pM.
have : \tr (M *m \sum_j a j *: (s j *m (s j)^T)) = 2%:R * \sum_i bf M (z i) (A i *m z i).
  rewrite -dual mulmx_sumr raddf_sum mulr_sumr; apply: eq_bigr => i _ /=.
  by rewrite mulmxDr raddfD /= !trace_outer (bfC _ (z i) sM) mulr2n mulrDl mul1r.
rewrite mulmx_sumr raddf_sum => tr.
have : 0 <= 2%:R * \sum_i bf M (z i) (A i *m z i).
  rewrite -tr; apply: sumr_ge0 => j _ /=; rewrite -scalemxAr mxtraceZ trace_outer.
  by rewrite mulr_ge0 // posdef_nonneg.
rewrite pmulr_rge0 ?ltr0n // leNgt => /negP; apply.
apply: (@le_lt_trans _ _ (- (lam * qf M (z i0)))); last by rewrite oppr_lt0 mulr_gt0 // pM.2.
rewrite (bigD1 i0) //= -[X in _ <= X]addr0; apply: ler_add; first exact: d.
rewrite -oppr_ge0 -sumrN; apply: sumr_ge0 => i _; rewrite oppr_ge0.
by apply: (le_trans (d _ (FA i) _)); rewrite oppr_le0 mulr_ge0 ?(ltW l0) // posdef_nonneg.
Qed.

End NoConstantMetric.
