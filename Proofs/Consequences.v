(** What a certificate says of trajectories: for every activation whose divided differences lie in [l, g], with no
    differentiability, two trajectories of the map with the same inputs approach each other by rho a step:

        |x_k - y_k|_M^2 <= rho^(2k) |x_0 - y_0|_M^2.

    So ReLU, leaky ReLU and hard tanh are covered; each unit and each time may have its own activation. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Consequences.
Variables (R : realFieldType) (n : nat).
Implicit Types (x y u : 'cV[R]_n) (W L M : 'M[R]_n).

(** An activation for each unit. *)
Definition activation := 'I_n -> R -> R.

Definition apply_to (phi : activation) x : 'cV[R]_n := \col_i phi i (x i 0).

(** Every divided difference of phi lies in [l, g]. *)
Definition slopes_of (l g : R) (phi : activation) :=
  forall i a b, a != b -> l <= (phi i a - phi i b) / (a - b) <= g.

Lemma divided_differences l g phi x y : l <= g -> slopes_of l g phi ->
  exists2 d, slopes l g d & apply_to phi x - apply_to phi y = diag_mx d *m (x - y).
Proof.
move=> lg sphi.
exists (\row_i (if x i 0 == y i 0 then l
                else (phi i (x i 0) - phi i (y i 0)) / (x i 0 - y i 0))) => [i|].
  by rewrite mxE; case: eqP => [_|/eqP ne]; [rewrite lexx | apply: sphi].
apply/colP => i; rewrite mul_diag_mx !mxE; entries R; case: eqP => [->|/eqP ne].
  by rewrite !subrr mulr0.
by rewrite divfK // subr_eq0.
Qed.

(** Form outside, one Euler step: x + h (-x + W phi(x) + L x + u). *)
Definition step_outside h phi W L u x : 'cV[R]_n :=
  x + h *: (- x + W *m apply_to phi x + L *m x + u).

(** Form inside, one Euler step: x + h (-x + phi(W x + u) + L x). *)
Definition step_inside h phi W L u x : 'cV[R]_n :=
  x + h *: (- x + apply_to phi (W *m x + u) + L *m x).

Lemma step_outside_difference h l g phi W L u x y : l <= g -> slopes_of l g phi ->
  exists2 A, euler h (outside l g W L) A &
    step_outside h phi W L u x - step_outside h phi W L u y = A *m (x - y).
Proof.
move=> lg sphi; have [d sd e] := divided_differences x y lg sphi.
exists (1%:M + h *: (W *m diag_mx d + L - 1%:M)).
  by exists (W *m diag_mx d + L - 1%:M) => //; exists d.
rewrite /step_outside mulmxDl -scalemxAl mulmxBl mulmxDl -mulmxA -e !mul1mx !mulmxBr.
by apply/colP => i; rewrite !mxE; entries R; ring.
Qed.

Lemma step_inside_difference h l g phi W L u x y : l <= g -> slopes_of l g phi ->
  exists2 A, euler h (inside l g W L) A &
    step_inside h phi W L u x - step_inside h phi W L u y = A *m (x - y).
Proof.
move=> lg sphi; have [d sd e] := divided_differences (W *m x + u) (W *m y + u) lg sphi.
exists (1%:M + h *: (diag_mx d *m W + L - 1%:M)).
  by exists (diag_mx d *m W + L - 1%:M) => //; exists d.
have Wxy : W *m (x - y) = W *m x + u - (W *m y + u).
  by rewrite mulmxBr opprD addrACA subrr addr0.
rewrite /step_inside mulmxDl -scalemxAl mulmxBl mulmxDl -mulmxA Wxy -e !mul1mx !mulmxBr.
by apply/colP => i; rewrite !mxE; entries R; ring.
Qed.

(** Any map whose differences are images under the family. *)
Theorem trajectories (F : family R n) M rho (f : nat -> 'cV[R]_n -> 'cV[R]_n)
    (x y : nat -> 'cV[R]_n) : shrinks F M rho ->
  (forall k a b, exists2 A, F A & f k a - f k b = A *m (a - b)) ->
  (forall k, x k.+1 = f k (x k)) -> (forall k, y k.+1 = f k (y k)) ->
  forall k, qf M (x k - y k) <= (rho ^+ k) ^+ 2 * qf M (x 0%N - y 0%N).
Proof.
move=> sh diff hx hy; elim=> [|k IH]; first by rewrite expr0 expr1n mul1r.
rewrite hx hy; have [A FA ->] := diff k (x k) (y k).
apply: (le_trans (sh A FA _)).
have -> : (rho ^+ k.+1) ^+ 2 * qf M (x 0%N - y 0%N)
  = rho ^+ 2 * ((rho ^+ k) ^+ 2 * qf M (x 0%N - y 0%N)) by rewrite [rho ^+ k.+1]exprS exprMn mulrA.
by apply: ler_wpmul2l IH; apply: sqr_ge0.
Qed.

(** Form outside under Euler steps, with any inputs and any activations of the given slopes. *)
Corollary trajectories_outside h l g W L M rho (phi : nat -> activation) (u x y : nat -> 'cV[R]_n) :
  l <= g -> (forall k, slopes_of l g (phi k)) ->
  contracts (euler h (outside l g W L)) M rho ->
  (forall k, x k.+1 = step_outside h (phi k) W L (u k) (x k)) ->
  (forall k, y k.+1 = step_outside h (phi k) W L (u k) (y k)) ->
  forall k, qf M (x k - y k) <= (rho ^+ k) ^+ 2 * qf M (x 0%N - y 0%N).
Proof.
move=> lg sphi [_ sh]; apply: (trajectories (f := fun k => step_outside h (phi k) W L (u k)) sh).
by move=> k a b; apply: step_outside_difference.
Qed.

Corollary trajectories_inside h l g W L M rho (phi : nat -> activation) (u x y : nat -> 'cV[R]_n) :
  l <= g -> (forall k, slopes_of l g (phi k)) ->
  contracts (euler h (inside l g W L)) M rho ->
  (forall k, x k.+1 = step_inside h (phi k) W L (u k) (x k)) ->
  (forall k, y k.+1 = step_inside h (phi k) W L (u k) (y k)) ->
  forall k, qf M (x k - y k) <= (rho ^+ k) ^+ 2 * qf M (x 0%N - y 0%N).
Proof.
move=> lg sphi [_ sh]; apply: (trajectories (f := fun k => step_inside h (phi k) W L (u k)) sh).
by move=> k a b; apply: step_inside_difference.
Qed.

End Consequences.
