'''
Tag prediction. Every document can carry several tags at once, so each output unit is an
independent yes/no decision (sigmoid + binary cross-entropy per tag).

    docs : (n_docs, n_words)   bag of words
    tags : (n_docs, n_tags)    0/1
'''
import numpy as np


def softplus(x):
    return np.log1p(np.exp(x))


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def model(theta, docs):
    hid_in = docs.dot(theta['hid_w']) + theta['hid_b']
    hid = softplus(hid_in)
    logits = hid.dot(theta['tag_w']) + theta['tag_b']
    return {'docs': docs, 'hid_in': hid_in, 'hid': hid, 'probs': sigmoid(logits)}


def tag_loss(state, tags):
    pr = state['probs']
    per_doc = -(tags * np.log(pr) + (1.0 - tags) * np.log(1.0 - pr)).sum(axis=1)
    return per_doc.mean()


def tag_gradient(theta, state, tags):
    n_docs = tags.shape[0]
    pr = state['probs']

    d_logits = (pr - tags) * pr * (1.0 - pr) / n_docs

    d_hid = d_logits.dot(theta['tag_w'].T)
    d_hid_in = d_hid * sigmoid(state['hid_in'])     # softplus' = sigmoid

    return {'tag_w': state['hid'].T.dot(d_logits),
            'tag_b': d_logits.sum(axis=0),
            'hid_w': state['docs'].T.dot(d_hid_in),
            'hid_b': d_hid_in.sum(axis=0)}


def predict_tags(theta, docs, threshold=0.5):
    return (model(theta, docs)['probs'] > threshold).astype(int)
